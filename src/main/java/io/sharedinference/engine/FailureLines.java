package io.sharedinference.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command of the CLI says of its failure: on standard error, and below {@code Diagnostics:} on standard output. Its
 * progress isn't part of that, though it has errors and indented lines too. Thread-safe.
 */
final class FailureLines {

    private final List<String> lines = new ArrayList<>();
    private boolean diagnostics;

    synchronized void error(String line) {
        lines.add(line.strip());
    }

    synchronized void output(String line) {
        if (!line.isBlank() && !line.startsWith(" ")) {
            diagnostics = line.startsWith("Diagnostics:");
        } else if (diagnostics && !line.isBlank()) {
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
