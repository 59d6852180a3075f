package io.sharedinference.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.project.Problems;
import io.sharedinference.project.Settings;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.project.TenantName;
import io.sharedinference.pulumi.Engine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A tenant that is to be: its stack's file says what another tenant's does, except for what is that one's own.
 *
 * @param name         of stack and tenant
 * @param like         the stack to take settings over from
 * @param otherCluster its context, when it isn't to live in the other tenant's cluster
 * @param handedOver   whether it takes its token from a hand-over stack, even if the other tenant doesn't
 * @param settings     by key; they win over what is taken over. Lists and objects as JSON
 * @param secrets      to be encrypted in its file
 */
public record NewTenant(
        String name,
        String like,
        Optional<String> otherCluster,
        boolean handedOver,
        Map<String, String> settings,
        List<SecretSetting> secrets) {

    private static final String PREFIX = Engine.PROJECT + ":";
    private static final Set<String> ITS_OWN =
            Set.of("tenant", "namespace", "domain", "inferenceApiUrl", "iamUrl", "proxyRegistryPassword");
    private static final Set<String> OF_ITS_CLUSTER = Set.of("sharedApiNamespace", "sharedApiCidrs");
    private static final Set<String> OF_THE_SHARED_API = Set.of(
            "context",
            "kubeconfig",
            "kubernetesPluginVersion",
            "namespace",
            "domain",
            "inferenceApiUrl",
            "inferenceApiCa");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Those of its files that aren't there yet, in the order in which they are to be written.
     *
     * @throws io.sharedinference.project.ConfigException if a tenant can't have this name
     */
    List<NewStackFile> missingFiles(Project project) {
        if (project.hasFile(name)) {
            return List.of();
        }
        var problems = new Problems();
        TenantName.check(name, problems);
        problems.throwIfAny(name);
        var handover = handover(project).filter(file -> !project.hasFile(file.stack()));
        return Stream.concat(handover.stream(), Stream.of(draft(project))).toList();
    }

    /** Of the tenant's stack. */
    private NewStackFile draft(Project project) {
        return new NewStackFile(name, like, config(project));
    }

    /** What is encrypted in the other tenant's file, and neither in the new one's nor to be set in it. */
    List<String> missingSecrets(Project project) {
        var present = secretPaths(project, name);
        return secretPaths(project, like).stream()
                .filter(path -> !present.contains(path)
                        && !settings.containsKey(new SecretSetting(path, "").key())
                        && secrets.stream().noneMatch(secret -> secret.path().equals(path)))
                .toList();
    }

    private static List<String> secretPaths(Project project, String stack) {
        return project.files().read(stack, new Problems()).stream()
                .flatMap(read -> read.secretKeys().stream().sorted().flatMap(key -> secretPaths(read, key)))
                .toList();
    }

    private static Stream<String> secretPaths(Settings read, String key) {
        var own = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
        return PlainValue.of(own, parsed(read.values().get(key))).secrets().stream();
    }

    /** Of the hand-over stack that it takes its token from, if it is to have one of its own: what the shared stack's says. */
    Optional<NewStackFile> handover(Project project) {
        if (settings.containsKey("sharedStack")) {
            return Optional.empty();
        }
        var route = project.tenant(like).map(project::route);
        return route.filter(way -> handedOver || way.handover().isPresent() || keepsTokens(project, way.shared()))
                .map(way -> handover(project, way.shared()));
    }

    private static boolean keepsTokens(Project project, String shared) {
        return project.hasFile(shared) && !project.shared(shared).tokenOutputs();
    }

    private NewStackFile handover(Project project, String shared) {
        var config = new TreeMap<String, Object>();
        var read = project.files().read(shared, new Problems()).orElseThrow();
        read.values().forEach((key, value) -> {
            if (OF_THE_SHARED_API.contains(key.substring(key.indexOf(':') + 1))
                    && !read.secretKeys().contains(key)) {
                config.put(key, value);
            }
        });
        config.put(PREFIX + "role", "handover");
        config.put(PREFIX + "tenant", name);
        return new NewStackFile("handover-" + name, shared, config);
    }

    private Map<String, Object> config(Project project) {
        var config = new TreeMap<String, Object>();
        var taken = project.files()
                .read(like, new Problems())
                .orElseThrow(() -> new LifecycleException("there is no stack file Pulumi." + like
                        + ".yaml to take settings over from. Name another tenant's stack with --like."));
        taken.values().forEach((key, value) -> {
            String own = key.substring(key.indexOf(':') + 1);
            boolean left = ITS_OWN.contains(own) || otherCluster.isPresent() && OF_ITS_CLUSTER.contains(own);
            if (!left) {
                plain(taken, key).ifPresent(plain -> config.put(key, plain));
            }
        });
        config.put(PREFIX + "tenant", name);
        handover(project).ifPresent(handover -> config.put(PREFIX + "sharedStack", handover.stack()));
        domain(project).ifPresent(domain -> config.put(PREFIX + "domain", domain));
        otherCluster.ifPresent(context -> config.put(PREFIX + "context", context));
        settings.forEach((key, value) -> config.put(PREFIX + key, parsed(value)));
        return config;
    }

    private static Optional<Object> plain(Settings taken, String key) {
        var value = parsed(taken.values().get(key));
        return taken.secretKeys().contains(key) ? PlainValue.of(key, value).value() : Optional.of(value);
    }

    /** {@code blue.example.com} becomes {@code green.example.com}. */
    private Optional<String> domain(Project project) {
        String old = project.tenant(like).map(TenantConfig::tenant).orElse(like);
        return project.files()
                .read(like, new Problems())
                .map(taken -> taken.values().getOrDefault(PREFIX + "domain", ""))
                .filter(domain -> domain.startsWith(old + "."))
                .map(domain -> name + domain.substring(old.length()));
    }

    /** A list or an object from its JSON; anything else is the text that it is. */
    private static Object parsed(String value) {
        try {
            return value.startsWith("[")
                    ? JSON.readValue(value, List.class)
                    : value.startsWith("{") ? JSON.readValue(value, Map.class) : value;
        } catch (JsonProcessingException e) {
            return value; // the rules will say so
        }
    }
}
