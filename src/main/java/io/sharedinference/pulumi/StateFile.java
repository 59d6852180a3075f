package io.sharedinference.pulumi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The file in which a backend on this machine keeps a stack's state: a full disk cuts it, and leaves an older copy beside it. */
record StateFile(Path file, String stack) {

    private static final Pattern CONCERNED = Pattern.compile(
            "no space left on device|disk quota exceeded|failed to load checkpoint|unexpected end of JSON input");
    private static final String SCHEME = "file://";

    /** Whether an error may come from a disk that is or was full. */
    static boolean isConcerned(String errors) {
        return CONCERNED.matcher(errors).find();
    }

    /** @param backend its URL; empty for any other than a directory with plain JSON in it */
    static Optional<StateFile> of(String backend, Path project, String stack) {
        var directory = backend.replaceFirst("\\?.*$", "")
                .replaceFirst("^" + SCHEME + "~", SCHEME + System.getProperty("user.home"));
        return Optional.of(directory)
                .filter(url -> url.startsWith(SCHEME))
                .map(url -> project.resolve(url.substring(SCHEME.length()))
                        .resolve(Path.of(".pulumi", "stacks", Engine.PROJECT, stack + ".json")))
                .filter(file -> Files.isDirectory(file.getParent()))
                .map(file -> new StateFile(file, stack));
    }

    /** The free space, and how a state that was cut is restored. */
    String describe() {
        try {
            long free = Files.getFileStore(file.getParent()).getUsableSpace() >> 10;
            var space = "The file system of " + file.getParent() + " has " + free + " KiB free.";
            return isWhole() ? space + "\nFix: free space, then run the same command again." : space + " " + cut();
        } catch (IOException e) {
            return "The state " + file + " can't be read: " + e;
        }
    }

    private String cut() throws IOException {
        var copy = file.resolveSibling(file.getFileName() + ".bak");
        return Files.exists(copy)
                ? "The state " + file + " is cut; " + copy + " is a copy from " + Files.getLastModifiedTime(copy)
                        + ".\nFix: free space, then cp " + copy + " " + file + " and pulumi refresh -s " + stack
                        + ", which finds what was deployed since that copy; then run the same command again."
                : "The state " + file
                        + " is cut, and there is no copy beside it.\nFix: free space, then restore it from"
                        + " a backup of your own; "
                        + file.getParent().getParent().resolveSibling("backups")
                        + " may have one.";
    }

    private boolean isWhole() throws IOException {
        try {
            return !Files.exists(file)
                    || !new ObjectMapper().readTree(file.toFile()).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
