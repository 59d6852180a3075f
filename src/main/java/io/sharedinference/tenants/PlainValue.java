package io.sharedinference.tenants;

import io.sharedinference.project.StackFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configured value without what is encrypted in it.
 *
 * @param value   empty if all of it is
 * @param secrets where the encrypted parts are, as {@code pulumi config set --path} takes it
 */
record PlainValue(Optional<Object> value, List<String> secrets) {

    /** @param key of the whole */
    static PlainValue of(String key, Object value) {
        var secrets = new ArrayList<String>();
        return new PlainValue(plain(key, value, secrets), secrets);
    }

    private static Optional<Object> plain(String path, Object value, List<String> secrets) {
        if (StackFiles.SECRET.equals(value)) {
            secrets.add(path);
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            var rest = new LinkedHashMap<String, Object>();
            map.forEach((key, inner) -> entry(path, String.valueOf(key), inner, secrets, rest));
            return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
        }
        return Optional.of(value instanceof List<?> list ? items(path, list, secrets) : value);
    }

    /** To Helm a null is a value: it takes a chart's default away. */
    private static void entry(String path, String key, Object value, List<String> secrets, Map<String, Object> rest) {
        if (value == null) {
            rest.put(key, null);
        } else {
            plain(path + step(key), value, secrets).ifPresent(one -> rest.put(key, one));
        }
    }

    /** An empty string keeps the place of an item: the paths count them. */
    private static List<Object> items(String path, List<?> list, List<String> secrets) {
        var rest = new ArrayList<>();
        for (var i = 0; i < list.size(); i++) {
            var item = list.get(i);
            rest.add(
                    item == null
                            ? null
                            : plain(path + "[" + i + "]", item, secrets).orElse(""));
        }
        return rest;
    }

    private static String step(String key) {
        return key.matches("[A-Za-z0-9_-]+") ? "." + key : "[\"" + key.replace("\"", "\\\"") + "\"]";
    }
}
