package io.sharedinference.review;

import java.util.List;
import java.util.Optional;

/** Leaves out the last blocks of a text that is too long. What comes first matters most. */
final class SizeLimit {

    private SizeLimit() {}

    /** Of at most {@code limit} characters, and with a word on what is missing and where it is. */
    static String to(int limit, List<String> blocks, Optional<String> full) {
        var whole = String.join("\n\n", blocks) + "\n";
        if (whole.length() <= limit) {
            return whole;
        }
        var room = limit - footer(blocks.size(), full).length();
        var kept = new StringBuilder();
        var count = 0;
        while (kept.length() + blocks.get(count).length() + 2 <= room) {
            kept.append(blocks.get(count++)).append("\n\n");
        }
        if (count == 0) {
            kept.append(begin(blocks.get(0), room)).append("\n\n");
            count = 1;
        }
        return kept + footer(blocks.size() - count, full);
    }

    /** Whole lines, and a fence that is open is closed. */
    private static String begin(String block, int room) {
        var fence = block.lines()
                .filter(line -> line.startsWith("```"))
                .findFirst()
                .map(line -> line.replaceAll("[^`]", ""));
        var closing = fence.map(marks -> "\n" + marks).orElse("");
        var text = block.substring(0, Math.max(0, Math.min(block.length(), room - closing.length() - 2)));
        return text.substring(0, Math.max(text.lastIndexOf('\n'), 0)) + closing;
    }

    private static String footer(int missing, Optional<String> full) {
        return "_This is too long for a comment: " + MarkdownText.number(missing, "further part") + " left out. "
                + full.map(url -> "[The full text](" + url + ").")
                        .orElse("`./tenant preview NAME --markdown` prints the full text.")
                + "_\n";
    }
}
