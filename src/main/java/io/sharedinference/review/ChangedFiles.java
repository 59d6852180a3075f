package io.sharedinference.review;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files that differ between two revisions of a repository, as git names them. Compared without regard to case and to how
 * Unicode composes a letter, as some file systems do: that can only find more.
 *
 * @param paths   absolute
 * @param unclear whether more may have changed than can be named
 */
public record ChangedFiles(List<String> paths, boolean unclear) {

    /** Everything there is. */
    public static final ChangedFiles EVERYTHING = new ChangedFiles(List.of(), true);

    private static final String NOT_UTF_8 = "\ufffd";

    public ChangedFiles {
        paths = List.copyOf(paths);
    }

    /** @param names relative to the repository, with slashes */
    public static ChangedFiles in(Path repository, Collection<String> names) {
        return new ChangedFiles(
                names.stream().map(name -> repository + "/" + name).toList(),
                names.stream().anyMatch(name -> name.contains(NOT_UTF_8)));
    }

    boolean any() {
        return unclear || !paths.isEmpty();
    }

    /**
     * Whether one of these files or directories may differ: it, something in it, or a directory above it, which git names
     * alone where it is a submodule or a link.
     */
    boolean touch(Set<Path> files) {
        var changed = paths.stream().map(ChangedFiles::comparable).collect(Collectors.toSet());
        return unclear
                || files.stream()
                        .map(file -> comparable(file.toString()))
                        .anyMatch(file -> changed.stream()
                                .anyMatch(path -> path.equals(file)
                                        || path.startsWith(file + "/")
                                        || file.startsWith(path + "/")));
    }

    private static String comparable(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
