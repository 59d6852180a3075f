package io.sharedinference.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A stack's configuration as it is written, before anything is made of it. Objects and arrays are JSON.
 *
 * @param organization of the stack; {@code organization} with a backend of one's own
 * @param project      the prefix of our keys
 * @param stack        its plain name
 * @param values       by full key, {@code project:name}
 * @param secretKeys   full keys of the values that are encrypted in the stack's file
 * @param environments of Pulumi ESC whose values only the engine knows; empty for what the engine hands over
 */
public record Settings(
        String organization,
        String project,
        String stack,
        Map<String, String> values,
        Set<String> secretKeys,
        List<String> environments) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Settings {
        values = Map.copyOf(values);
        secretKeys = Set.copyOf(secretKeys);
        environments = List.copyOf(environments);
    }

    public Settings(
            String organization, String project, String stack, Map<String, String> values, Set<String> secretKeys) {
        this(organization, project, stack, values, secretKeys, List.of());
    }

    /** From what the engine hands a program; the SDK's own Config can't list keys, and unknown ones must be found. */
    public static Settings fromEnvironment(
            Map<String, String> environment, String organization, String project, String stack) {
        try {
            return new Settings(
                    organization,
                    project,
                    stack,
                    JSON.readValue(environment.getOrDefault("PULUMI_CONFIG", "{}"), new TypeReference<>() {}),
                    JSON.readValue(
                            environment.getOrDefault("PULUMI_CONFIG_SECRET_KEYS", "[]"), new TypeReference<>() {}));
        } catch (JsonProcessingException e) {
            // no cause: its message quotes the text, and that may hold secrets
            throw new IllegalStateException(
                    "PULUMI_CONFIG, which the engine sets, isn't JSON: is the Pulumi CLI older than 3.0?");
        }
    }

    /** The value of one of our keys; empty when it is missing or, being a default, blank. */
    Optional<String> value(Key key) {
        return Optional.ofNullable(values.get(fullKey(key))).filter(value -> !value.isBlank());
    }

    boolean secret(Key key) {
        return secretKeys.contains(fullKey(key));
    }

    String fullKey(Key key) {
        return project + ":" + key.key();
    }

    @Override
    public String toString() {
        return "Settings[" + organization + "/" + project + "/" + stack + ", " + values.keySet() + "]";
    }
}
