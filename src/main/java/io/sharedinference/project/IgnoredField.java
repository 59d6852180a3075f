package io.sharedinference.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A field of a chart's object that is excluded from drift detection.
 *
 * @param name name of the object, or {@code *} for all objects of the kind
 * @param path map keys and zero-based list indexes
 */
public record IgnoredField(String kind, String name, List<String> path) {

    static final String RULE = "must be KIND/NAME:/JSON/POINTER";
    private static final Pattern SYNTAX = Pattern.compile("([A-Z][A-Za-z]*)/(\\*|[-a-z0-9.]+):((?:/[^/]+)+)");
    private static final String ANY = "*";

    /** Empty if the syntax is invalid. */
    static Optional<IgnoredField> parse(String text) {
        var parsed = SYNTAX.matcher(text);
        return parsed.matches()
                ? Optional.of(new IgnoredField(
                        parsed.group(1),
                        parsed.group(2),
                        Stream.of(parsed.group(3).substring(1).split("/"))
                                .map(token -> token.replace("~1", "/").replace("~0", "~")) // RFC 6901
                                .toList()))
                : Optional.empty();
    }

    public boolean appliesTo(String objectKind, String objectName) {
        return kind.equals(objectKind) && (name.equals(ANY) || name.equals(objectName));
    }

    /** Returns a copy of the object without this field. */
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
