package io.sharedinference.cli;

import io.sharedinference.image.ImageException;
import io.sharedinference.image.ProxyImage;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.JavaRuntime;
import io.sharedinference.project.ProxyImageConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackFiles;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks the prerequisites of all commands: tools, backend, stacks, clusters, registries. Read-only. All checks run, even if
 * some fail.
 *
 * @param pulumi opened when it is needed, since it may be missing
 */
record Doctor(StackFiles files, Path checkout, LocalTools tools, Supplier<Engine> pulumi) {

    /** In the order in which problems are fixed; each check runs when its result is consumed. */
    Stream<Finding> findings() {
        return Stream.<Supplier<Stream<Finding>>>of(
                        () -> Stream.of(tools.java(), tools.proxyJdk(linksRuntime()), tools.helm()),
                        this::engine,
                        this::clusters,
                        this::registries,
                        () -> files.stacks().stream()
                                .map(stack -> new ExampleValues(stack, files.file(stack)).finding()))
                .flatMap(Supplier::get);
    }

    private boolean linksRuntime() {
        return images().anyMatch(image -> image.prebuilt().isEmpty() && image.runtime() instanceof JavaRuntime.Linked);
    }

    private Stream<ProxyImageConfig> images() {
        return files.tenants().values().stream().flatMap(tenant -> tenant.image().stream());
    }

    private Stream<Finding> engine() {
        try {
            var engine = pulumi.get();
            return Stream.concat(Stream.of(Finding.ok("pulumi", engine.version()), plugins(engine)), backend(engine));
        } catch (EngineException e) {
            return Stream.of(Finding.problem(
                    "pulumi", cause(e), "install the Pulumi CLI, https://www.pulumi.com/docs/install/"));
        }
    }

    private Finding plugins(Engine engine) {
        var required = new TreeSet<String>();
        files.validConfigs()
                .values()
                .forEach(config -> required.add(config.cluster().pluginVersion()));
        var missing = new TreeSet<>(required);
        engine.plugins().forEach(plugin -> {
            if (plugin.path("name").asText().equals("kubernetes")) {
                missing.remove(plugin.path("version").asText());
            }
        });
        return missing.isEmpty()
                ? Finding.ok("kubernetes plugin", String.join(", ", required))
                : Finding.warning(
                        "kubernetes plugin",
                        String.join(", ", missing) + " is not installed; the next preview downloads it",
                        "pulumi plugin install resource kubernetes " + missing.first());
    }

    private Stream<Finding> backend(Engine engine) {
        try {
            var login = engine.whoami();
            var existing = engine.stacks();
            return Stream.concat(
                    Stream.of(Finding.ok(
                            "backend",
                            login.path("url").asText() + " as "
                                    + login.path("user").asText())),
                    files.stacks().stream().map(stack -> secrets(engine, stack, existing)));
        } catch (EngineException e) {
            return Stream.of(Finding.problem("backend", cause(e), "pulumi login"));
        }
    }

    private static Finding secrets(Engine engine, String stack, Set<String> existing) {
        if (!existing.contains(stack)) {
            return Finding.warning("stack " + stack, "does not exist in the backend yet", "pulumi stack init " + stack);
        }
        try {
            engine.stateWithSecrets(stack);
            engine.configWithSecrets(stack);
            return Finding.ok("stack " + stack, "secrets can be decrypted");
        } catch (EngineException e) {
            return Finding.problem(
                    "stack " + stack,
                    "cannot decrypt its secrets: " + cause(e),
                    "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or log in to the key management service");
        }
    }

    /** The message without the general fix of the CLI. */
    private static String cause(EngineException e) {
        return e.getMessage().replaceFirst("(?s)\\RFix: .*", "");
    }

    private Stream<Finding> clusters() {
        Map<String, ClusterConfig> distinct = new LinkedHashMap<>();
        files.validConfigs().values().stream()
                .map(StackConfig::cluster)
                .forEach(cluster -> distinct.putIfAbsent(cluster.context() + " " + cluster.kubeconfig(), cluster));
        return distinct.values().stream().map(this::cluster);
    }

    private Finding cluster(ClusterConfig config) {
        var subject = "context " + config.context();
        try (var cluster = Cluster.open(config, checkout)) {
            return Finding.ok(subject, "Kubernetes " + cluster.version());
        } catch (ClusterException e) {
            return Finding.problem(
                    subject,
                    e.getMessage(),
                    "choose a context of a reachable cluster from kubectl config get-contexts");
        }
    }

    private Stream<Finding> registries() {
        Map<String, ProxyImageConfig> distinct = new LinkedHashMap<>();
        images().forEach(image -> distinct.putIfAbsent(image.prebuilt().orElse(image.repository()), image));
        return distinct.entrySet().stream().map(entry -> registry(entry.getKey(), entry.getValue()));
    }

    private Finding registry(String name, ProxyImageConfig image) {
        var subject = "proxy image " + name;
        try {
            return ProxyImage.exists(image, checkout)
                    ? Finding.ok(subject, "exists in the registry")
                    : missing(subject, image.prebuilt());
        } catch (ImageException e) {
            return Finding.problem(
                    subject, e.getMessage(), "docker login, or set proxyRegistryUsername and proxyRegistryPassword");
        }
    }

    private static Finding missing(String subject, Optional<String> prebuilt) {
        return prebuilt.isPresent()
                ? Finding.problem(
                        subject, "not found in the registry", "push it, or remove proxyImage to build the image")
                : Finding.ok(subject, "registry is reachable; the next pulumi up builds and pushes the image");
    }

    /** Whether no finding is a problem. */
    static boolean healthy(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.level() == Finding.Level.PROBLEM);
    }
}
