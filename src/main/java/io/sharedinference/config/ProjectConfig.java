package io.sharedinference.config;

import io.sharedinference.yaml.GoText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the project's file sets for all stacks, as the engine merges it into those that don't set it themselves. */
final class ProjectConfig {

    private ProjectConfig() {}

    /**
     * By full key.
     *
     * @throws org.yaml.snakeyaml.error.YAMLException if the engine can't read the file
     */
    static Map<String, Object> read(Path folder, String project) throws IOException {
        var file = Stream.of("Pulumi.yaml", "Pulumi.yml")
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
        var values = new LinkedHashMap<String, Object>();
        if (file.isPresent() && YamlFile.read(file.get()).get("config") instanceof Map<?, ?> config) {
            config.forEach((key, declared) ->
                    value(declared).ifPresent(value -> values.put(full(String.valueOf(key), project), text(value))));
        }
        return values;
    }

    private static String full(String key, String project) {
        return key.contains(":") ? key : project + ":" + key;
    }

    /** A default goes before a value; what is no map is the value itself. */
    private static Optional<Object> value(Object declared) {
        return declared instanceof Map<?, ?> type
                ? Optional.<Object>ofNullable(type.get("default")).or(() -> Optional.ofNullable(type.get("value")))
                : Optional.ofNullable(declared);
    }

    private static Object text(Object value) {
        return value instanceof Map || value instanceof List
                ? value
                : value instanceof Number number ? GoText.json(number) : String.valueOf(value);
    }
}
