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

/** Writes values as YAML. */
final class Rendering {

    /** A colon only where no YAML takes it for a map's. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)?");

    private Rendering() {}

    /** @param style as the values beside it have; plain where it can be for any other */
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

    /** An entry of a block map, without a line's end at its end. */
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
            throw new IllegalStateException("text that is no JSON", e);
        }
    }
}
