package io.sharedinference.pulumi;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a command of the CLI says of its failure: on standard error, and below {@code Diagnostics:} on standard output. Its
 * progress isn't part of that, though it has errors and indented lines too. Thread-safe.
 */
final class FailureLines {

    // what the engine adds to each error that the program has reported: the Java host passes no exit code on
    private static final Pattern ECHO =
            Pattern.compile("error: an unhandled error occurred: .* exited with non-zero exit code: 32");

    private final List<String> lines = new ArrayList<>();
    private boolean diagnostics;

    synchronized void error(String line) {
        lines.add(line.strip());
    }

    synchronized void output(String line) {
        if (!line.isBlank() && !line.startsWith(" ")) {
            diagnostics = line.startsWith("Diagnostics:");
        } else if (diagnostics && !line.isBlank() && !ECHO.matcher(line).find()) {
            lines.add(line.strip());
        }
        if (line.startsWith("error:")) {
            lines.add(line.strip());
        }
    }

    /** On one line. */
    synchronized String text() {
        return String.join(" ", lines);
    }
}
