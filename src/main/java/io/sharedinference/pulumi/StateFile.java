package io.sharedinference.pulumi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.project.StackName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** A stack's state file in a local backend. A full disk truncates it, and leaves a backup next to it. */
record StateFile(Path file, String stack) {

    private static final Pattern DISK_ERROR = Pattern.compile(
            "no space left on device|disk quota exceeded|failed to load checkpoint|unexpected end of JSON input");
    private static final String SCHEME = "file://";

    /** Whether a full disk may have caused these errors. */
    static boolean mayExplain(String errors) {
        return DISK_ERROR.matcher(errors).find();
    }

    /** @param backend URL of the backend; the result is empty unless it is a local directory with uncompressed state */
    static Optional<StateFile> of(String backend, Path project, StackName stack) {
        var directory = backend.replaceFirst("\\?.*$", "")
                .replaceFirst("^" + SCHEME + "~", SCHEME + System.getProperty("user.home"));
        return Optional.of(directory)
                .filter(url -> url.startsWith(SCHEME))
                .map(url -> project.resolve(url.substring(SCHEME.length()))
                        .resolve(Path.of(".pulumi", "stacks", stack.project(), stack.stack() + ".json")))
                .filter(file -> Files.isDirectory(file.resolveSibling("")))
                .map(file -> new StateFile(file, stack.stack()));
    }

    /** The free space, and how to restore a truncated state. */
    String describe() {
        var directory = file.resolveSibling("");
        try {
            long free = Files.getFileStore(directory).getUsableSpace() >> 10;
            var space = "The file system of " + directory + " has " + free + " KiB free.";
            return isComplete()
                    ? space + "\nFix: free disk space, then run the same command again."
                    : space + " " + truncated();
        } catch (IOException e) {
            return "Cannot read the state " + file + ": " + e;
        }
    }

    private String truncated() throws IOException {
        var copy = file.resolveSibling(file.getFileName() + ".bak");
        return Files.exists(copy)
                ? "The state " + file + " is truncated; " + copy + " is a backup from "
                        + Files.getLastModifiedTime(copy)
                        + ".\nFix: free disk space, run cp " + copy + " " + file + " and pulumi refresh -s " + stack
                        + " to add what was deployed since, then run the same command again."
                : "The state " + file
                        + " is truncated, and has no backup next to it.\nFix: free disk space, then restore it from"
                        + " a backup, for instance from "
                        + file.resolveSibling("../../backups").normalize()
                        + ".";
    }

    private boolean isComplete() throws IOException {
        try {
            return !Files.exists(file)
                    || !new ObjectMapper().readTree(file.toFile()).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
