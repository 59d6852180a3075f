package io.sharedinference.cli;

import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How the output may look: signs and colours for people at a terminal, words for logs.
 *
 * @param signs   whether it shows them, and a line may be written over
 * @param colours whether it shows them, and the user hasn't turned them off with {@code NO_COLOR}
 */
record Terminal(boolean signs, boolean colours) {

    static final Terminal NONE = new Terminal(false, false);

    private static final String LINE_START = "\r\u001b[K";
    private static final String CLIPPED = "\u001b[?7l"; // the terminal cuts what is too long, rather than wrap it
    private static final String WRAPPED = "\u001b[?7h";

    /** What the launcher saw on standard output; Java 17 can't tell it apart from standard input. */
    static Terminal of(Map<String, String> environment) {
        boolean terminal = Boolean.parseBoolean(environment.get("TENANT_TERMINAL"));
        return new Terminal(
                terminal, terminal && environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /** The terminal's present width, and 80 when it can't be found out. */
    static int width() {
        return new UsageMessageSpec().autoWidth(true).width();
    }

    /** A line in the place of the last one. Cut to this width; should the user narrow the window, by the terminal itself. */
    String overwritten(String text, int width) {
        return LINE_START + CLIPPED + faint(fitted(text, width)) + WRAPPED;
    }

    /** Removes what {@link #overwritten} has shown last. */
    String cleared() {
        return signs ? LINE_START : "";
    }

    /** Characters that no terminal shows take no room and do harm; East Asian ones take two columns. */
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
        return signs ? colour(32, "✓") : "ok  ";
    }

    String failed() {
        return signs ? colour(31, "✗") : "FAIL";
    }

    String faint(String text) {
        return colour(2, text);
    }

    private String colour(int code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
