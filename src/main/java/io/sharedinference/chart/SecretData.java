package io.sharedinference.chart;

import io.sharedinference.secrets.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Masks the contents of Secrets; shows only which keys exist and whether their values differ. */
final class SecretData {

    private static final List<String> FIELDS = List.of("data", "stringData");
    private static final int MIN_LENGTH = 8; // shorter values, such as true, are part of other words

    record Masked(Optional<Object> before, Optional<Object> after) {}

    private SecretData() {}

    static Masked masked(Optional<Object> before, Optional<Object> after) {
        return new Masked(
                before.map(object -> masked(object, after.orElse(Map.of()), " (before)")),
                after.map(object -> masked(object, before.orElse(Map.of()), " (after)")));
    }

    static Object masked(Object object) {
        return masked(object, Map.of(), "");
    }

    private static Object masked(Object object, Object other, String which) {
        if (!isSecret(object)) {
            return object;
        }
        var copy = new LinkedHashMap<Object, Object>((Map<?, ?>) object);
        for (var field : FIELDS) {
            var others =
                    other instanceof Map<?, ?> map && map.get(field) instanceof Map<?, ?> entries ? entries : Map.of();
            copy.computeIfPresent(
                    field,
                    (name, entries) -> entries instanceof Map<?, ?> map ? masked(map, others, which) : Redaction.MASK);
        }
        return copy;
    }

    private static Map<Object, Object> masked(Map<?, ?> entries, Map<?, ?> others, String which) {
        var copy = new LinkedHashMap<Object, Object>();
        entries.forEach((key, value) -> {
            var same = !others.containsKey(key) || Objects.equals(others.get(key), value);
            copy.put(key, Redaction.MASK + (same ? "" : which));
        });
        return copy;
    }

    /** Decoded values, to mask them in other objects: charts copy them to annotations and environment variables. */
    static Stream<String> values(Object object) {
        return isSecret(object) ? FIELDS.stream().flatMap(field -> values((Map<?, ?>) object, field)) : Stream.empty();
    }

    private static Stream<String> values(Map<?, ?> secret, String field) {
        return secret.get(field) instanceof Map<?, ?> entries
                ? entries.values().stream()
                        .map(value -> field.equals("data") ? decoded(String.valueOf(value)) : String.valueOf(value))
                        .filter(value -> value.length() >= MIN_LENGTH && !value.matches("https?://[^@\\s]*"))
                : Stream.empty();
    }

    /** A Secret as the API server stores it: with {@code stringData} encoded into {@code data}. */
    static Map<?, ?> encoded(Map<?, ?> object) {
        if (!isSecret(object) || !(object.get("stringData") instanceof Map<?, ?> strings)) {
            return object;
        }
        var data = new LinkedHashMap<Object, Object>(object.get("data") instanceof Map<?, ?> map ? map : Map.of());
        strings.forEach((key, value) -> data.put(key, base64(String.valueOf(value))));
        var copy = new LinkedHashMap<Object, Object>(object);
        copy.remove("stringData");
        copy.put("data", data);
        return copy;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    private static boolean isSecret(Object object) {
        return object instanceof Map<?, ?> map && "Secret".equals(map.get("kind"));
    }
}
