package io.sharedinference.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the project's file sets for all stacks, as the engine merges it into those that don't set it themselves. */
final class ProjectConfig {

    private ProjectConfig() {}

    /**
     * By key, which may leave out the project's name.
     *
     * @throws org.yaml.snakeyaml.error.YAMLException if the engine can't read the file
     */
    static Map<String, Object> read(Path folder) throws IOException {
        var file = Stream.of("Pulumi.yaml", "Pulumi.yml")
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
        var values = new LinkedHashMap<String, Object>();
        if (file.isPresent() && YamlFile.read(file.get()).get("config") instanceof Map<?, ?> config) {
            config.forEach(
                    (key, declared) -> value(declared).ifPresent(value -> values.put(String.valueOf(key), value)));
        }
        return values;
    }

    /** A default goes before a value; what is no map is the value itself. */
    private static Optional<Object> value(Object declared) {
        return declared instanceof Map<?, ?> type
                ? Optional.<Object>ofNullable(type.get("default")).or(() -> Optional.ofNullable(type.get("value")))
                : Optional.ofNullable(declared);
    }
}
