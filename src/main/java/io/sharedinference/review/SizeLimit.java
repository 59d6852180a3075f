package io.sharedinference.review;

import java.util.List;
import java.util.Optional;

/** Truncates a long text by omitting its last blocks. */
final class SizeLimit {

    private SizeLimit() {}

    /** At most {@code limit} characters, including a footer with a link to the full text. */
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
            kept.append(start(blocks.get(0), room)).append("\n\n");
            count = 1;
        }
        return kept + footer(blocks.size() - count, full);
    }

    /** Whole lines; closes an open code fence. */
    private static String start(String block, int room) {
        var fence = block.lines()
                .filter(line -> line.startsWith("```"))
                .findFirst()
                .map(line -> line.replaceAll("[^`]", ""));
        var closing = fence.map(marks -> "\n" + marks).orElse("");
        var text = block.substring(0, Math.max(0, Math.min(block.length(), room - closing.length() - 2)));
        return text.substring(0, Math.max(text.lastIndexOf('\n'), 0)) + closing;
    }

    private static String footer(int missing, Optional<String> full) {
        return "_Truncated: " + MarkdownText.number(missing, "section") + " omitted. "
                + full.map(url -> "[Full preview](" + url + ").")
                        .orElse("`./tenant preview NAME --markdown` prints the full preview.")
                + "_\n";
    }
}
