package io.sharedinference.review;

import java.util.Arrays;

/** Escapes untrusted text in Markdown: mentions, links and HTML have no effect. */
final class MarkdownText {

    private MarkdownText() {}

    /** On one line, with all markup escaped. */
    static String plain(String text) {
        return text.replaceAll("\\s+", " ")
                .strip()
                .replaceAll("([\\\\`*_{}\\[\\]<>()#+!|~])", "\\\\$1")
                .replace("@", "&#64;");
    }

    static String code(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        var fence = "`".repeat(longestRun(line) + 1);
        var space = line.startsWith("`") || line.endsWith("`") ? " " : "";
        return fence + space + line + space + fence;
    }

    static String block(String language, String text) {
        var fence = "`".repeat(Math.max(3, longestRun(text) + 1));
        return fence + language + "\n" + text.stripTrailing() + "\n" + fence;
    }

    /** A collapsed section. The summary is HTML, in which Markdown has no effect. */
    static String collapsed(String summary, String content) {
        return "<details><summary>" + html(summary) + "</summary>\n\n" + content + "\n\n</details>";
    }

    /** For example {@code 1 object} or {@code 2 objects}. */
    static String number(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String html(String text) {
        return text.replaceAll("\\s+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;");
    }

    private static int longestRun(String text) {
        return Arrays.stream(text.split("[^`]+")).mapToInt(String::length).max().orElse(0);
    }
}
