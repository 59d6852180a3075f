package io.sharedinference.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A field of a chart's object that others may change: no drift.
 *
 * @param name of the object, or {@code *} for each of the kind
 * @param path keys and, of lists, positions from 0
 */
public record IgnoredField(String kind, String name, List<String> path) {

    static final String RULE = "must be KIND/NAME:/JSON/POINTER";
    private static final Pattern SHAPE = Pattern.compile("([A-Z][A-Za-z]*)/(\\*|[-a-z0-9.]+):((?:/[^/]+)+)");
    private static final String EACH = "*";

    /** Empty for what isn't written so. */
    static Optional<IgnoredField> parse(String text) {
        var shape = SHAPE.matcher(text);
        return shape.matches()
                ? Optional.of(new IgnoredField(
                        shape.group(1),
                        shape.group(2),
                        Stream.of(shape.group(3).substring(1).split("/"))
                                .map(token -> token.replace("~1", "/").replace("~0", "~")) // RFC 6901
                                .toList()))
                : Optional.empty();
    }

    public boolean appliesTo(String objectKind, String objectName) {
        return kind.equals(objectKind) && (name.equals(EACH) || name.equals(objectName));
    }

    /** A copy of the object without this field. */
    public Map<?, ?> removeFrom(Map<?, ?> object) {
        return (Map<?, ?>) removed(object, path);
    }

    private static Object removed(Object value, List<String> path) {
        var token = path.get(0);
        if (value instanceof Map<?, ?> map && map.containsKey(token)) {
            var copy = new LinkedHashMap<Object, Object>(map);
            if (path.size() == 1) {
                copy.remove(token);
            } else {
                copy.put(token, removed(map.get(token), path.subList(1, path.size())));
            }
            return copy;
        }
        if (value instanceof List<?> list && token.matches("\\d{1,6}") && Integer.parseInt(token) < list.size()) {
            int at = Integer.parseInt(token);
            var copy = new ArrayList<Object>(list);
            if (path.size() == 1) {
                copy.remove(at);
            } else {
                copy.set(at, removed(list.get(at), path.subList(1, path.size())));
            }
            return copy;
        }
        return value;
    }
}
