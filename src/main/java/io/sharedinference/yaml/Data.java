package io.sharedinference.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A parsed document. Changes return a copy. */
final class Data {

    private Data() {}

    /** @throws org.yaml.snakeyaml.error.YAMLException if Pulumi rejects it */
    static Object load(String text) {
        return new YamlReader(YamlDialect.PULUMI).first(text).orElse(Map.of());
    }

    static Optional<Object> at(Object data, List<String> path) {
        Object value = data;
        for (String key : path) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return Optional.ofNullable(value);
    }

    static boolean has(Object data, List<String> path) {
        int last = path.size() - 1;
        return at(data, path.subList(0, last)).orElse("") instanceof Map<?, ?> map && map.containsKey(path.get(last));
    }

    static Object set(Object data, List<String> path, Object value) {
        if (path.isEmpty()) {
            return value;
        }
        var copy = copy(data);
        var inner = Optional.<Object>ofNullable(copy.get(path.get(0))).orElse(Map.of());
        copy.put(path.get(0), set(inner, path.subList(1, path.size()), value));
        return copy;
    }

    static Object remove(@Nullable Object data, List<String> path) {
        var copy = copy(data);
        if (path.size() == 1) {
            copy.remove(path.get(0));
        } else {
            copy.put(path.get(0), remove(copy.get(path.get(0)), path.subList(1, path.size())));
        }
        return copy;
    }

    private static Map<Object, Object> copy(@Nullable Object data) {
        return data instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : new LinkedHashMap<>();
    }
}
