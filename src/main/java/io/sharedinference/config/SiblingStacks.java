package io.sharedinference.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.YAMLException;

/** What the other stack files of the project say of where their installations are. */
final class SiblingStacks {

    /** Blank where the file doesn't say, or encrypts it. */
    record Sibling(
            Path file,
            String role,
            String context,
            Optional<Path> kubeconfig,
            String namespace,
            String tenant,
            String sharedStack) {

        boolean isHandover() {
            return role.equals(Role.HANDOVER.text());
        }

        String stack() {
            return file.getFileName().toString().replaceFirst("^Pulumi\\.(.+)\\.yaml$", "$1");
        }
    }

    private SiblingStacks() {}

    /** Files that can't be read are passed over: they are their own stack's problem. */
    static List<Sibling> of(String stack, String project, Path folder) throws IOException {
        var siblings = new ArrayList<Sibling>();
        try (var files = Files.newDirectoryStream(folder, "Pulumi.*.yaml")) {
            for (var file : files) {
                if (!file.getFileName().toString().equals("Pulumi." + stack + ".yaml")) {
                    read(file, project).ifPresent(siblings::add);
                }
            }
        }
        return siblings;
    }

    private static Optional<Sibling> read(Path file, String project) {
        try {
            return YamlFile.read(file).get("config") instanceof Map<?, ?> config
                    ? Optional.of(sibling(file, project, config))
                    : Optional.empty();
        } catch (IOException | YAMLException e) {
            return Optional.empty();
        }
    }

    private static Sibling sibling(Path file, String project, Map<?, ?> config) {
        var role = text(config, project, Key.ROLE);
        var namespace = text(config, project, Key.NAMESPACE);
        var otherwise = role.equals(Role.TENANT.text())
                ? text(config, project, Key.TENANT)
                : InstallationConfig.SHARED_NAMESPACE;
        var kubeconfig = text(config, project, Key.KUBECONFIG);
        return new Sibling(
                file,
                role,
                text(config, project, Key.CONTEXT),
                kubeconfig.isBlank() ? Optional.empty() : Optional.of(Path.of(kubeconfig)),
                namespace.isBlank() ? otherwise : namespace,
                text(config, project, Key.TENANT),
                text(config, project, Key.SHARED_STACK));
    }

    private static String text(Map<?, ?> config, String project, Key key) {
        var full = project + ":" + key.text();
        // the engine takes a key without a prefix for the project's
        var value = config.containsKey(full) ? config.get(full) : config.get(key.text());
        return value instanceof String || value instanceof Number ? value.toString() : "";
    }
}
