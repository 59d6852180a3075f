package io.sharedinference.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;

/**
 * Writers of the fields of an object, or of a part of it.
 *
 * @param users       FieldsV1 tree of the fields that users wrote
 * @param controllers FieldsV1 tree of the fields that controllers wrote
 * @param atomic      whether this is part of an atomic field that a user wrote, such as a policy's egress. The API server
 *                    does not record the writers of its parts
 */
record FieldWriters(Map<?, ?> users, Map<?, ?> controllers, boolean atomic) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** Defaults that the API server sets in atomic fields. */
    private static final Set<Entry<String, String>> DEFAULTS =
            Set.of(Map.entry("protocol", "TCP"), Map.entry("apiVersion", "v1"), Map.entry("divisor", "0"));

    FieldWriters child(Object key) {
        var atomicField = users.get("f:" + key) instanceof Map<?, ?> fields && fields.isEmpty();
        return new FieldWriters(at(users, "f:" + key), at(controllers, "f:" + key), atomic || atomicField);
    }

    FieldWriters element(Map<?, ?> element) {
        return new FieldWriters(at(users, element), at(controllers, element), atomic);
    }

    FieldWriters elementAtIndex() {
        return new FieldWriters(Map.of(), Map.of(), atomic);
    }

    boolean addedByUser(Object key, Object value) {
        return users.containsKey("f:" + key)
                || atomic && !DEFAULTS.contains(Map.entry(key.toString(), String.valueOf(value)));
    }

    /** Whether a controller wrote the value, for example of a placeholder, and no user changed it since. */
    boolean ownedByController(Object key) {
        return controllers.get("f:" + key) instanceof Map<?, ?> fields
                && fields.keySet().stream().allMatch("."::equals)
                && !users.containsKey("f:" + key);
    }

    private static Map<?, ?> at(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** FieldsV1 refers to an element by its identifying keys: {@code k:{"name":"proxy"}}. */
    private static Map<?, ?> at(Map<?, ?> fields, Map<?, ?> element) {
        return fields.entrySet().stream()
                .filter(entry -> entry.getKey().toString().startsWith("k:"))
                .filter(entry -> identifies(entry.getKey().toString().substring(2), element))
                .findFirst()
                .<Map<?, ?>>map(entry -> (Map<?, ?>) entry.getValue())
                .orElse(Map.of());
    }

    private static boolean identifies(String keys, Map<?, ?> element) {
        try {
            return JSON.readValue(keys, OBJECT).entrySet().stream()
                    .allMatch(key -> element.entrySet().contains(key));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a FieldsV1 key: " + keys, e);
        }
    }
}
