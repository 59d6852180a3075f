package io.sharedinference.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Unparsed configuration of a stack. Objects and arrays are JSON.
 *
 * @param name         of the stack; its project is the prefix of this program's keys
 * @param values       values by full key, {@code project:name}
 * @param secretKeys   full keys of encrypted values
 * @param environments Pulumi ESC environments that are not resolved; empty if the engine provided the configuration
 */
public record Settings(StackName name, Map<String, String> values, Set<String> secretKeys, List<String> environments) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public Settings {
        values = Map.copyOf(values);
        secretKeys = Set.copyOf(secretKeys);
        environments = List.copyOf(environments);
    }

    public Settings(StackName name, Map<String, String> values, Set<String> secretKeys) {
        this(name, values, secretKeys, List.of());
    }

    /** Reads what the engine passes to the program. The SDK's Config cannot list keys, which finding unknown ones requires. */
    public static Settings fromEnvironment(Map<String, String> environment, StackName name) {
        try {
            return new Settings(
                    name,
                    JSON.readValue(environment.getOrDefault("PULUMI_CONFIG", "{}"), new TypeReference<>() {}),
                    JSON.readValue(
                            environment.getOrDefault("PULUMI_CONFIG_SECRET_KEYS", "[]"), new TypeReference<>() {}));
        } catch (JsonProcessingException e) {
            // no cause: its message quotes the configuration, which may contain secrets
            throw new IllegalStateException(
                    "the environment variable PULUMI_CONFIG is not valid JSON.\nFix: use Pulumi CLI 3.0 or later.");
        }
    }

    /**
     * Without what the project file sets for all stacks and this stack's role does not support: sharedStack, for example, in
     * the shared stack.
     *
     * @param projectValues values in the project file, by full key
     */
    public Settings withoutOtherRoles(Map<String, String> projectValues) {
        var role = value(Key.ROLE).flatMap(Role::of);
        var own = new HashMap<>(values);
        role.ifPresent(supported -> Arrays.stream(Key.values())
                .filter(key -> !key.allowedFor(supported))
                .map(this::fullKey)
                .filter(projectValues::containsKey)
                .forEach(key -> own.remove(key, projectValues.get(key))));
        return new Settings(name, own, secretKeys, environments);
    }

    /** Value of a key; empty if missing or blank. */
    public Optional<String> value(Key key) {
        return Optional.ofNullable(values.get(fullKey(key))).filter(value -> !value.isBlank());
    }

    boolean secret(Key key) {
        return secretKeys.contains(fullKey(key));
    }

    String fullKey(Key key) {
        return key.of(name);
    }

    @Override
    public String toString() {
        return "Settings[" + name + ", " + values.keySet() + "]";
    }
}
