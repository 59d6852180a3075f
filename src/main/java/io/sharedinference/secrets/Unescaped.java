package io.sharedinference.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with the escapes of JSON, YAML, Go, URLs and HTML resolved, at any depth of nesting, and each run of white space
 * replaced by one space. Texts with the same meaning become equal; the original position of each character is kept.
 *
 * @param starts index of each character in the original text
 * @param ends   index after it
 */
record Unescaped(String text, int[] starts, int[] ends) {

    private static final int MAX_DEPTH = 16;
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})"
            + "|\\R[ \\t]*\\\\?|([^\\r\\n]))"
            + "|((?:%[0-9a-fA-F]{2})+)"
            + "|&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));"
            + "|''");
    // plus is a space in URLs; plus and minus begin the lines of a diff
    private static final Pattern SPACE = Pattern.compile("(?:[\\s\\x00+]|(?<=\\n)-)+");
    private static final Map<String, String> LETTERS = Map.of(
            "n", "\n", "r", "\r", "t", "\t", "b", "\b", "f", "\f", "v", "\u000b", "a", "\u0007", "e", "\u001b", "0",
            "\0");
    private static final Map<String, String> ENTITIES =
            Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'");

    @SuppressWarnings("ReferenceEquality") // the same when nothing was replaced
    static Unescaped of(String original) {
        var positions = new int[original.length()];
        var ends = new int[original.length()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
            ends[i] = i + 1;
        }
        var view = new Unescaped(original, positions, ends);
        for (int pass = 0; pass < MAX_DEPTH; pass++) {
            var deeper = view.replaced(ESCAPE);
            if (deeper == view) {
                break;
            }
            view = deeper;
        }
        return view.replaced(SPACE);
    }

    private Unescaped replaced(Pattern pattern) {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return this;
        }
        var result = new StringBuilder(text.length());
        var newStarts = new int[text.length()];
        var newEnds = new int[text.length()];
        int from = 0;
        do {
            copy(from, matcher.start(), result.length(), newStarts, newEnds);
            result.append(text, from, matcher.start());
            var meant = pattern == SPACE ? " " : meant(matcher);
            for (int i = 0; i < meant.length(); i++) {
                newStarts[result.length() + i] = starts[matcher.start()];
                newEnds[result.length() + i] = ends[matcher.end() - 1];
            }
            result.append(meant);
            from = matcher.end();
        } while (matcher.find());
        copy(from, text.length(), result.length(), newStarts, newEnds);
        return new Unescaped(result.append(text, from, text.length()).toString(), newStarts, newEnds);
    }

    private void copy(int from, int to, int at, int[] newStarts, int[] newEnds) {
        System.arraycopy(starts, from, newStarts, at, to - from);
        System.arraycopy(ends, from, newEnds, at, to - from);
    }

    private static String meant(Matcher escape) {
        var found = escape.toMatchResult();
        if (found.group(5) != null) {
            return percent(found.group(5));
        }
        if (found.group(4) != null) {
            return LETTERS.getOrDefault(found.group(4), found.group(4));
        }
        if (found.group(8) != null) {
            return ENTITIES.getOrDefault(found.group(8), found.group());
        }
        return number(found);
    }

    private static String number(MatchResult found) {
        for (int group : new int[] {1, 2, 3, 7}) {
            if (found.group(group) != null) {
                return character(Long.parseLong(found.group(group), 16));
            }
        }
        return found.group(6) != null
                ? character(Long.parseLong(found.group(6)))
                : found.group().startsWith("'") ? "'" : "";
    }

    private static String character(long code) {
        return Character.isValidCodePoint((int) code) ? Character.toString((int) code) : "\ufffd";
    }

    private static String percent(String escaped) {
        var bytes = new byte[escaped.length() / 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(escaped.substring(3 * i + 1, 3 * i + 3), 16);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
