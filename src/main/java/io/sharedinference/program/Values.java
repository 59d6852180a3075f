package io.sharedinference.program;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Helm values: a tree of maps, lists, strings, numbers, booleans and nulls. Immutable.
 *
 * <p>Nulls are kept, since they make Helm remove a chart's default.
 */
public record Values(Map<String, Object> tree) {

    public static final Values EMPTY = new Values(Map.of());

    public Values {
        tree = immutable(tree);
    }

    /** A single value at a dot-separated path. */
    public static Values of(String path, Object value) {
        var keys = path.split("\\.", -1);
        var nested = value;
        for (var i = keys.length - 1; i > 0; i--) {
            nested = Collections.singletonMap(keys[i], nested);
        }
        return new Values(Collections.singletonMap(keys[0], nested));
    }

    /** Merges as Helm does: later values take precedence, maps are merged recursively, everything else is replaced. */
    public Values merge(Values later) {
        return new Values(merged(tree, later.tree));
    }

    /** The value at a dot-separated path; empty if missing or null. */
    public Optional<Object> at(String path) {
        Object value = tree;
        for (var key : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return Optional.ofNullable(value);
    }

    /** JSON for the engine, since the SDK drops nulls from maps. */
    public JsonObject json() {
        return (JsonObject) json(tree);
    }

    /** Dot-separated paths of nulls; for nulls in a list, the list's path. */
    public List<String> nullPaths() {
        return nullPaths("", tree).toList();
    }

    private static Map<String, Object> merged(Map<String, Object> base, Map<?, ?> later) {
        var result = new LinkedHashMap<>(base);
        later.forEach((key, value) -> result.merge((String) key, value == null ? NULL : value, Values::mergedValue));
        result.replaceAll((key, value) -> value == NULL ? null : value);
        return result;
    }

    private static final Object NULL = new Object(); // Map.merge takes no null

    @SuppressWarnings("unchecked") // immutable() casts the keys
    private static Object mergedValue(Object base, Object later) {
        return base instanceof Map<?, ?> map && later instanceof Map<?, ?> other
                ? merged((Map<String, Object>) map, other)
                : later;
    }

    @SuppressWarnings("unchecked")
    private static <T> T immutable(T value) {
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<String, Object>();
            map.forEach((key, child) -> copy.put((String) key, immutable(child)));
            return (T) Collections.unmodifiableMap(copy);
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<Object>();
            list.forEach(child -> copy.add(immutable(child)));
            return (T) Collections.unmodifiableList(copy);
        }
        return value;
    }

    private static Stream<String> nullPaths(String path, Object value) {
        return value == null
                ? Stream.of(path)
                : value instanceof Map<?, ?> map
                        ? map.entrySet().stream()
                                .flatMap(entry -> nullPaths(
                                        path.isEmpty() ? entry.getKey().toString() : path + "." + entry.getKey(),
                                        entry.getValue()))
                        : value instanceof List<?> list
                                ? list.stream()
                                        .flatMap(child -> nullPaths(path, child))
                                        .distinct()
                                : Stream.empty();
    }

    private static JsonElement json(Object value) {
        if (value instanceof Map<?, ?> map) {
            var object = new JsonObject();
            map.forEach((key, child) -> object.add((String) key, json(child)));
            return object;
        }
        if (value instanceof List<?> list) {
            var array = new JsonArray();
            list.forEach(child -> array.add(json(child)));
            return array;
        }
        return value == null
                ? JsonNull.INSTANCE
                : value instanceof Boolean bool
                        ? new JsonPrimitive(bool)
                        : value instanceof Number number
                                ? new JsonPrimitive(number)
                                : new JsonPrimitive(value.toString());
    }
}
