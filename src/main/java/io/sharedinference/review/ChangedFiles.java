package io.sharedinference.review;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files that differ between two revisions of a repository. Comparisons ignore case and Unicode normalization, as some file
 * systems do, which can only match more files.
 *
 * @param paths      absolute
 * @param incomplete whether other files may have changed as well
 */
public record ChangedFiles(List<String> paths, boolean incomplete) {

    /** Every file may have changed. */
    public static final ChangedFiles ALL = new ChangedFiles(List.of(), true);

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
        return incomplete || !paths.isEmpty();
    }

    /**
     * Whether one of these files or directories may have changed: itself, its contents, or a parent directory, which is all
     * that Git reports of a submodule or link.
     */
    boolean touch(Set<Path> files) {
        var changed = paths.stream().map(ChangedFiles::normalized).collect(Collectors.toSet());
        return incomplete
                || files.stream()
                        .map(file -> normalized(file.toString()))
                        .anyMatch(file -> changed.stream()
                                .anyMatch(path -> path.equals(file)
                                        || path.startsWith(file + "/")
                                        || file.startsWith(path + "/")));
    }

    private static String normalized(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
