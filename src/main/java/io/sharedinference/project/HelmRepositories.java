package io.sharedinference.project;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Chart repositories added with {@code helm repo add} on this machine.
 *
 * @param file Helm's repository file
 */
record HelmRepositories(Path file) {

    /** Locates the file as Helm does. */
    static HelmRepositories of(Map<String, String> environment) {
        return new HelmRepositories(variable(environment, "HELM_REPOSITORY_CONFIG")
                .map(Path::of)
                .orElseGet(() -> configDirectory(environment).resolve("repositories.yaml")));
    }

    private static Path configDirectory(Map<String, String> environment) {
        var home = Path.of(System.getProperty("user.home"));
        return variable(environment, "HELM_CONFIG_HOME")
                .map(Path::of)
                .orElseGet(() -> variable(environment, "XDG_CONFIG_HOME")
                        .map(Path::of)
                        .orElseGet(() -> System.getProperty("os.name").startsWith("Mac")
                                ? home.resolve("Library/Preferences")
                                : home.resolve(".config"))
                        .resolve("helm"));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.of(environment.getOrDefault(name, "")).filter(value -> !value.isBlank());
    }

    /** Names of the repositories; empty if the file does not exist. */
    List<String> names() {
        try {
            return YamlFile.read(file).get("repositories") instanceof List<?> repositories
                    ? repositories.stream().flatMap(HelmRepositories::name).toList()
                    : List.of();
        } catch (IOException | YAMLException e) {
            return List.of();
        }
    }

    private static Stream<String> name(Object repository) {
        return repository instanceof Map<?, ?> map ? Stream.of(String.valueOf(map.get("name"))) : Stream.empty();
    }
}
