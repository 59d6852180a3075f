package io.sharedinference.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** Escapes text for HTML, since clients choose the names of models and users. */
final class Html {

    private Html() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** JSON for a script element, in which no tag may begin. */
    static String embedded(JsonNode json) {
        return json.toString().replace("<", "\\u003c").replace(">", "\\u003e");
    }

    static String figures(List<Figure> figures) {
        return figures.stream()
                .map(figure ->
                        "<div><dt>" + escaped(figure.label()) + "</dt><dd>" + escaped(figure.value()) + "</dd></div>")
                .collect(Collectors.joining("\n", "<dl class=\"figures\">\n", "\n</dl>\n"));
    }

    record Figure(String label, String value) {}
}
