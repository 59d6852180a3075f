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

/** What Secrets hold is never shown: only that it is there, and whether it differs. */
final class SecretData {

    private static final List<String> FIELDS = List.of("data", "stringData");
    private static final int TELLING = 8; // shorter ones are parts of other words, as true is

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

    /** In plain, for a search in other objects: charts put them into annotations and environments as well. */
    static Stream<String> values(Object object) {
        return isSecret(object) ? FIELDS.stream().flatMap(field -> values((Map<?, ?>) object, field)) : Stream.empty();
    }

    private static Stream<String> values(Map<?, ?> secret, String field) {
        return secret.get(field) instanceof Map<?, ?> entries
                ? entries.values().stream()
                        .map(value -> field.equals("data") ? decoded(String.valueOf(value)) : String.valueOf(value))
                        .filter(value -> value.length() >= TELLING && !value.matches("https?://[^@\\s]*"))
                : Stream.empty();
    }

    /** A Secret as the API server keeps it: what was given as text is among its data, in base64. */
    static Map<?, ?> encoded(Map<?, ?> object) {
        if (!isSecret(object) || !(object.get("stringData") instanceof Map<?, ?> texts)) {
            return object;
        }
        var data = new LinkedHashMap<Object, Object>(object.get("data") instanceof Map<?, ?> map ? map : Map.of());
        texts.forEach((key, text) -> data.put(key, base64(String.valueOf(text))));
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
