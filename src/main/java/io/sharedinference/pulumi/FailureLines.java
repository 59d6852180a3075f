package io.sharedinference.pulumi;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The error messages of a CLI command: standard error, and the lines below {@code Diagnostics:} on standard output. Progress
 * is omitted, although it contains errors and indented lines too. Thread-safe.
 */
final class FailureLines {

    // added by the engine to each error of the program, since the Java host does not pass on the exit code
    private static final Pattern ECHO =
            Pattern.compile("error: an unhandled error occurred: .* exited with non-zero exit code: 32");

    // of the engine where a plugin is on the PATH: no cause of a failure
    private static final Pattern AMBIENT_PLUGIN = Pattern.compile("warning: using pulumi-\\S+ from \\$PATH");

    private final List<String> lines = new ArrayList<>();
    private boolean diagnostics;

    synchronized void error(String line) {
        lines.add(line.strip());
    }

    synchronized void output(String line) {
        if (!line.isBlank() && !line.startsWith(" ")) {
            diagnostics = line.startsWith("Diagnostics:");
        } else if (diagnostics && !line.isBlank() && !isNoise(line)) {
            lines.add(line.strip());
        }
        if (line.startsWith("error:")) {
            lines.add(line.strip());
        }
    }

    private static boolean isNoise(String line) {
        return ECHO.matcher(line).find() || AMBIENT_PLUGIN.matcher(line).find();
    }

    /** On one line. */
    synchronized String text() {
        return String.join(" ", lines);
    }
}
