package io.sharedinference.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Formats values as YAML. */
final class Rendering {

    /** Keys may have a colon that no YAML parser takes for a separator. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)?");

    private Rendering() {}

    /** @param style of the adjacent values; other styles than quoted ones mean plain, if the text allows it */
    static String scalar(Object value, ScalarStyle style) {
        if (!(value instanceof String text)) {
            return String.valueOf(value);
        }
        if (style == ScalarStyle.SINGLE_QUOTED && text.chars().noneMatch(Character::isISOControl)) {
            return "'" + text.replace("'", "''") + "'";
        }
        return style != ScalarStyle.DOUBLE_QUOTED && plain(text, PLAIN) ? text : json(text);
    }

    static String flow(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> scalar(entry.getKey(), ScalarStyle.PLAIN) + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value instanceof List<?> list
                ? list.stream().map(Rendering::flow).collect(Collectors.joining(", ", "[", "]"))
                : scalar(value, ScalarStyle.PLAIN);
    }

    /** An entry of a block map, without a final line break. */
    static String entry(String key, Object value, String indent) {
        String start = indent + (plain(key, PLAIN_KEY) ? key : json(key)) + ":";
        String deeper = indent + "  ";
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            return map.entrySet().stream()
                    .map(inner -> entry(String.valueOf(inner.getKey()), inner.getValue(), deeper))
                    .collect(Collectors.joining("\n", start + "\n", ""));
        }
        return value instanceof List<?> list && !list.isEmpty()
                ? list.stream()
                        .map(item -> deeper + "- " + flow(item))
                        .collect(Collectors.joining("\n", start + "\n", ""))
                : start + " " + flow(value);
    }

    private static boolean plain(String text, Pattern pattern) {
        return pattern.matcher(text).matches()
                && !text.matches("[yYnN]")
                && new Resolver().resolve(NodeId.scalar, text, true).equals(Tag.STR);
    }

    private static String json(String text) {
        try {
            return new ObjectMapper().writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a string cannot be written as JSON", e);
        }
    }
}
