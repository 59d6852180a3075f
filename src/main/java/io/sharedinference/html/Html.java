package io.sharedinference.html;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** Text in HTML. Names of models and users come from clients. */
final class Html {

    private Html() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** JSON inside of a script element, which any tag in it could end or continue. */
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
