package io.sharedinference.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A property path of the engine: {@code values.global["a.b"][0]}. */
record PropertyPath(List<String> keys) {

    private static final Pattern KEY = Pattern.compile("\\[\"((?:[^\"\\\\]|\\\\.)*)\"]|\\[(\\d+)]|([^.\\[]+)");
    private static final int MAX_LENGTH = 200;
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Shown for a value that the engine does not know yet. */
    static final String KNOWN_AFTER_UPDATE = "(known after the update)";

    private static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"; // the engine's placeholder

    static PropertyPath of(String text) {
        var keys = new ArrayList<String>();
        var matcher = KEY.matcher(text);
        while (matcher.find()) {
            keys.add(
                    matcher.group(1) != null
                            ? matcher.group(1).replaceAll("\\\\(.)", "$1")
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return new PropertyPath(List.copyOf(keys));
    }

    /** The value at this path, truncated; empty if there is none. */
    Optional<String> in(Map<String, Object> values) {
        return find(values, keys).map(PropertyPath::text);
    }

    /** The Kubernetes provider does not quote keys with dots, such as those of annotations. */
    private static Optional<Object> find(@Nullable Object value, List<String> keys) {
        if (keys.isEmpty()) {
            return Optional.ofNullable(value);
        }
        if (value instanceof Map<?, ?> map) {
            return IntStream.rangeClosed(1, keys.size())
                    .filter(length -> map.containsKey(String.join(".", keys.subList(0, length))))
                    .boxed()
                    .findFirst()
                    .flatMap(length -> find(
                            map.get(String.join(".", keys.subList(0, length))), keys.subList(length, keys.size())));
        }
        return value instanceof List<?> list
                ? find(item(list, keys.get(0)), keys.subList(1, keys.size()))
                : Optional.empty();
    }

    private static @Nullable Object item(List<?> list, String key) {
        return key.matches("\\d{1,6}") && Integer.parseInt(key) < list.size() ? list.get(Integer.parseInt(key)) : null;
    }

    private static String text(Object value) {
        var plain = plain(value);
        var text = plain instanceof String string ? string : json(plain);
        var known = text.replace(UNKNOWN, KNOWN_AFTER_UPDATE).replaceAll("\\R", "\\\\n");
        return known.length() <= MAX_LENGTH ? known : known.substring(0, MAX_LENGTH) + "…";
    }

    /** Converts whole numbers, which the SDK parses as doubles, and masks encrypted values. */
    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map && map.containsKey(KnownSecrets.SIGNATURE)) {
            return "[secret]";
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<Object, Object>();
            map.forEach((key, child) -> copy.put(key, plain(child)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(PropertyPath::plain).toList();
        }
        return value instanceof Double number && number == Math.rint(number) ? (Object) number.longValue() : value;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a property value as JSON", e);
        }
    }
}
