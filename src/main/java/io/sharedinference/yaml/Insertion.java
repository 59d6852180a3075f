package io.sharedinference.yaml;

import io.sharedinference.yaml.Node.Child;
import io.sharedinference.yaml.Node.Group;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/** Appends an item to a list or an entry to a map. */
record Insertion(String text, Group group) {

    String item(Object value) {
        var style = Edit.style(group);
        String written = value instanceof String ? Rendering.scalar(value, style) : Rendering.flow(value);
        return group.flow() ? inFlow(written) : inBlock("- " + written);
    }

    String entry(String key, Object value) {
        if (group.flow()) {
            return inFlow(Rendering.scalar(key, ScalarStyle.PLAIN) + ": " + Rendering.flow(value));
        }
        String indent =
                " ".repeat(new Lines(text).column(group.children().get(0).start()));
        return inBlock(Rendering.entry(key, value, indent).substring(indent.length()));
    }

    private String inBlock(String written) {
        var lines = new Lines(text);
        int column = lines.column(group.children().get(0).start());
        return lines.insert(Deletion.end(text, last()), " ".repeat(column) + written);
    }

    private String inFlow(String written) {
        if (group.children().isEmpty()) {
            return put(group.end() - 1, written);
        }
        var lines = new Lines(text);
        int end = last().end();
        int comma = Deletion.comma(text, end);
        String rest = text.substring(comma > 0 ? comma : end, lines.end(end));
        boolean ownLine = lines.blankBefore(last().start())
                && (rest.isBlank() || rest.strip().startsWith("#"));
        if (!ownLine) {
            return put(end, ", " + written);
        }
        String line = " ".repeat(lines.column(last().start())) + written + (comma > 0 ? "," : "");
        String whole = lines.insert(lines.end(end), line);
        return comma > 0 ? whole : whole.substring(0, end) + "," + whole.substring(end);
    }

    private String put(int at, String written) {
        return text.substring(0, at) + written + text.substring(at);
    }

    private Child last() {
        return group.children().get(group.children().size() - 1);
    }
}
