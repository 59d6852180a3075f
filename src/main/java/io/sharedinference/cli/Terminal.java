package io.sharedinference.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * The terminal on standard output: symbols and colours for users at a terminal, words for logs.
 *
 * @param symbols whether it shows symbols and can overwrite a line
 * @param colours whether it shows colours, which {@code NO_COLOR} turns off
 * @param width   its columns; unlimited for files and pipes
 */
record Terminal(boolean symbols, boolean colours, int width) {

    static final int UNLIMITED = Integer.MAX_VALUE;
    static final Terminal NONE = new Terminal(false, false, UNLIMITED);

    static final String LINE_START = "\r\u001b[K";
    private static final String CLIPPED = "\u001b[?7l"; // the terminal truncates long lines instead of wrapping them
    private static final String WRAPPED = "\u001b[?7h";

    /** As the launcher detected it: Java 17 cannot test standard output alone. */
    static Terminal of(Map<String, String> environment) {
        boolean terminal = Boolean.parseBoolean(environment.get("TENANT_TERMINAL"));
        return new Terminal(
                terminal,
                terminal && environment.getOrDefault("NO_COLOR", "").isEmpty(),
                Optional.ofNullable(environment.get("TENANT_COLUMNS"))
                        .filter(value -> value.matches("[1-9]\\d{1,5}"))
                        .map(Integer::parseInt)
                        .orElse(UNLIMITED));
    }

    static Terminal current() {
        return of(System.getenv());
    }

    /** Whether a user is watching, also on a terminal without symbols. */
    boolean interactive() {
        return width < UNLIMITED;
    }

    /** Replaces the current line, truncated to the width; if the window is narrowed, the terminal truncates it. */
    String overwritten(String text) {
        return LINE_START + CLIPPED + faint(fitted(text, width)) + WRAPPED;
    }

    /** Clears the line that {@link #overwritten} printed. */
    String cleared() {
        return symbols ? LINE_START : "";
    }

    /** Replaces control characters, and truncates; East Asian characters take two columns. */
    static String fitted(String text, int width) {
        var shown = text.replaceAll("\\p{Cntrl}(\\[[0-9;]*[A-Za-z])?", " ");
        if (columns(shown) <= width) {
            return shown;
        }
        int end = shown.length();
        while (end > 0 && columns(shown.substring(0, end)) > width - 1) {
            end = shown.offsetByCodePoints(end, -1);
        }
        return shown.substring(0, end) + "…";
    }

    private static int columns(String text) {
        return Ansi.OFF.text(text.replace("@|", "@ ")).getCJKAdjustedLength();
    }

    String passed() {
        return symbols ? colour(32, "✓") : "ok  ";
    }

    String failed() {
        return symbols ? colour(31, "✗") : "FAIL";
    }

    String faint(String text) {
        return colour(2, text);
    }

    private String colour(int code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
