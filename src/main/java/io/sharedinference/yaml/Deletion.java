package io.sharedinference.yaml;

import io.sharedinference.yaml.Node.Child;
import io.sharedinference.yaml.Node.Group;
import io.sharedinference.yaml.Node.Scalar;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Removes an item or an entry from a list or a map, with its comments: the one at its end, those below it that are indented
 * further, and those directly above it with the same indentation.
 *
 * @param owner the entry whose value the group is; empty for the root
 */
record Deletion(String text, Group group, Optional<Child> owner) {

    private static final Pattern TO_NEXT = Pattern.compile("\\s*,[ \\t]*(#[^\\n]*\\n)?\\s*");
    private static final Pattern FROM_PREVIOUS = Pattern.compile("\\s*,\\s*");
    private static final Pattern TO_END = Pattern.compile("[ \\t]*,?\\s*");
    private static final Pattern COMMA = Pattern.compile("\\s*,");

    String without(Child child) {
        var lines = new Lines(text);
        int comma = group.flow() ? comma(text, child.end()) : -1;
        int end = Math.max(comma, child.end());
        boolean ownLines = lines.blankBefore(child.start()) && lines.nothingAfter(end);
        if (ownLines
                && (!group.flow()
                        || comma > 0
                        || isLast(child) && group.children().size() > 1)) {
            return ownLines(lines, child, end);
        }
        if (group.flow()) {
            return inline(lines, child);
        }
        throw new UnsafeEditException(child.start(), "its line contains other entries");
    }

    private String ownLines(Lines lines, Child child, int end) {
        String less = lines.remove(start(lines, child), below(lines, end, lines.column(child.start())));
        if (group.flow() || group.children().size() > 1) {
            return less;
        }
        int colon = owner.filter(entry -> !group.decorated())
                .flatMap(entry -> entry.key().filter(Scalar.class::isInstance))
                .map(key -> text.indexOf(':', key.end()) + 1)
                .orElseThrow(() -> new UnsafeEditException(child.start(), "its parent would be empty"));
        return less.substring(0, colon) + (group.map() ? " {}" : " []") + less.substring(colon);
    }

    /** Start of its lines, including the comments directly above it. */
    private int start(Lines lines, Child child) {
        int floor = isFirst(child)
                ? owner.flatMap(Child::key).map(Node::end).orElse(0)
                : group.children().get(group.children().indexOf(child) - 1).end();
        int start = lines.start(child.start());
        while (start > 0 && lines.start(start - 1) > floor && lines.comment(start - 1) == lines.column(child.start())) {
            start = lines.start(start - 1);
        }
        return start;
    }

    /** End of the lines of an entry in block style, including comments below it that are indented further. */
    static int end(String text, Child child) {
        var lines = new Lines(text);
        if (!lines.nothingAfter(child.end())) {
            throw new UnsafeEditException(child.end(), "its line contains other entries");
        }
        return below(lines, child.end(), lines.column(child.start()));
    }

    private static int below(Lines lines, int from, int column) {
        int end = lines.end(from);
        while (end < lines.text().length() && lines.comment(end) > column) {
            end = lines.end(end);
        }
        return end;
    }

    private String inline(Lines lines, Child child) {
        var children = group.children();
        int place = children.indexOf(child);
        if (lines.blankBefore(child.start())
                && child.start() > lines.column(child.start())
                && lines.comment(lines.start(child.start()) - 1) >= 0) {
            throw new UnsafeEditException(child.start(), "the comment above it may describe other entries, too");
        }
        if (children.size() == 1) {
            return cut(group.start() + 1, group.end() - 1);
        }
        if (isLast(child)) {
            int from = children.get(place - 1).end();
            require(FROM_PREVIOUS, from, child.start(), child);
            require(TO_END, child.end(), group.end() - 1, child);
            return cut(from, child.end());
        }
        int to = children.get(place + 1).start();
        require(TO_NEXT, child.end(), to, child);
        return cut(child.start(), to);
    }

    private void require(Pattern pattern, int from, int to, Child child) {
        if (!pattern.matcher(text.substring(from, to)).matches()) {
            throw new UnsafeEditException(child.start(), "a comment next to it may describe another entry");
        }
    }

    private String cut(int from, int to) {
        return text.substring(0, from) + text.substring(to);
    }

    /** End of the comma that follows in a flow collection; -1 if none does. */
    static int comma(String text, int from) {
        var comma = COMMA.matcher(text).region(from, text.length());
        return comma.lookingAt() ? comma.end() : -1;
    }

    private boolean isFirst(Child child) {
        return group.children().indexOf(child) == 0;
    }

    private boolean isLast(Child child) {
        return group.children().indexOf(child) == group.children().size() - 1;
    }
}
