package io.sharedinference.tenants;

import io.sharedinference.project.StackFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration value without its secrets.
 *
 * @param value   empty if the whole value is a secret
 * @param secrets paths of the secrets in the syntax of {@code pulumi config set --path}
 */
record UnencryptedValue(Optional<Object> value, List<String> secrets) {

    /** @param key the configuration key of the value */
    static UnencryptedValue of(String key, Object value) {
        var secrets = new ArrayList<String>();
        return new UnencryptedValue(plain(key, value, secrets), secrets);
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

    /** Null is a value in Helm: it removes a default of the chart. */
    private static void entry(String path, String key, Object value, List<String> secrets, Map<String, Object> rest) {
        if (value == null) {
            rest.put(key, null);
        } else {
            plain(path + step(key), value, secrets).ifPresent(one -> rest.put(key, one));
        }
    }

    /** An empty string replaces a secret item, since paths contain the index of items. */
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
