package io.sharedinference.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.YAMLException;

/** Configuration in the project file, which the engine applies to stacks that do not set the key. */
final class ProjectConfig {

    private static final String DEFAULT_NAME = "shared-inference";

    private ProjectConfig() {}

    /** The project file; empty if there is none. */
    static Optional<Path> file(Path directory) {
        return Stream.of("Pulumi.yaml", "Pulumi.yml")
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The project's name in its file; that of this repository if it cannot be read. */
    static String name(Path directory) {
        try {
            var file = file(directory);
            return file.isPresent() && YamlFile.read(file.get()).get("name") instanceof String name
                    ? name
                    : DEFAULT_NAME;
        } catch (IOException | YAMLException e) {
            return DEFAULT_NAME; // the engine reports it
        }
    }

    /**
     * Values by key, with or without the project's prefix.
     *
     * @throws YAMLException if the engine cannot read the file
     */
    static Map<String, Object> read(Path directory) throws IOException {
        var file = file(directory);
        var values = new LinkedHashMap<String, Object>();
        if (file.isPresent() && YamlFile.read(file.get()).get("config") instanceof Map<?, ?> config) {
            config.forEach(
                    (key, declared) -> value(declared).ifPresent(value -> values.put(String.valueOf(key), value)));
        }
        return values;
    }

    /** A default takes precedence over a value; anything but a map is the value itself. */
    private static Optional<Object> value(Object declared) {
        return declared instanceof Map<?, ?> type
                ? Optional.<Object>ofNullable(type.get("default")).or(() -> Optional.ofNullable(type.get("value")))
                : Optional.ofNullable(declared);
    }
}
