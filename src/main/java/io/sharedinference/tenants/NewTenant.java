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
 * A tenant to be added. Its stack file is a copy of another tenant's, without that tenant's individual settings.
 *
 * @param name         name of stack and tenant
 * @param like         the stack to copy settings from
 * @param otherCluster its context, if it is in another cluster than the copied tenant
 * @param handover     whether it reads its token from a hand-over stack, even if the copied tenant does not
 * @param settings     settings by key, which override copied ones; lists and objects as JSON
 * @param secrets      settings to be encrypted in its file
 */
public record NewTenant(
        String name,
        String like,
        Optional<String> otherCluster,
        boolean handover,
        Map<String, String> settings,
        List<SecretSetting> secrets) {

    private static final String PREFIX = Engine.PROJECT + ":";
    private static final Set<String> TENANT_KEYS =
            Set.of("tenant", "namespace", "domain", "inferenceApiUrl", "iamUrl", "proxyRegistryPassword");
    private static final Set<String> CLUSTER_KEYS = Set.of("sharedApiNamespace", "sharedApiCidrs");
    private static final Set<String> SHARED_API_KEYS = Set.of(
            "context",
            "kubeconfig",
            "kubernetesPluginVersion",
            "namespace",
            "domain",
            "inferenceApiUrl",
            "inferenceApiCa");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The stack files that do not exist yet, in the order in which they are to be written.
     *
     * @throws io.sharedinference.project.ConfigException if the name is invalid
     */
    List<NewStackFile> missingFiles(Project project) {
        if (project.hasFile(name)) {
            return List.of();
        }
        var problems = new Problems();
        TenantName.check(name, problems);
        problems.throwIfAny(name);
        var handover = handoverFile(project).filter(file -> !project.hasFile(file.stack()));
        return Stream.concat(handover.stream(), Stream.of(new NewStackFile(name, like, config(project))))
                .toList();
    }

    /** Paths of the secrets in the copied file that are neither in the new one nor to be set in it. */
    List<String> missingSecrets(Project project) {
        var present = secretPaths(project, name);
        return secretPaths(project, like).stream()
                .filter(path -> !present.contains(path)
                        && !settings.containsKey(new SecretSetting(path, "").key())
                        && secrets.stream().noneMatch(secret -> secret.path().equals(path)))
                .toList();
    }

    private static List<String> secretPaths(Project project, String stack) {
        return project.files().readOwn(stack, new Problems()).stream()
                .flatMap(read -> read.secretKeys().stream().sorted().flatMap(key -> secretPaths(read, key)))
                .toList();
    }

    private static Stream<String> secretPaths(Settings read, String key) {
        var own = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
        return UnencryptedValue.of(own, parsed(read.values().getOrDefault(key, ""))).secrets().stream();
    }

    /** The file of its hand-over stack, with the settings of the shared API; empty if it has none. */
    Optional<NewStackFile> handoverFile(Project project) {
        if (settings.containsKey("sharedStack")) {
            return Optional.empty();
        }
        var route = project.tenant(like).map(project::route);
        return route.filter(
                        found -> handover || found.handover().isPresent() || exportsNoTokens(project, found.shared()))
                .map(found -> handoverFile(project, found.shared()));
    }

    private static boolean exportsNoTokens(Project project, String shared) {
        return project.hasFile(shared) && !project.shared(shared).tokenOutputs();
    }

    private NewStackFile handoverFile(Project project, String shared) {
        var config = new TreeMap<String, Object>();
        var read = project.files().readOwn(shared, new Problems()).orElseThrow();
        read.values().forEach((key, value) -> {
            if (SHARED_API_KEYS.contains(key.substring(key.indexOf(':') + 1))
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
        var copied = project.files()
                .readOwn(like, new Problems())
                .orElseThrow(() -> new LifecycleException("the settings of stack " + like + " can't be copied: Pulumi."
                        + like + ".yaml does not exist.\nFix: name another tenant's stack with --like."));
        copied.values().forEach((key, value) -> {
            String own = key.substring(key.indexOf(':') + 1);
            boolean individual = TENANT_KEYS.contains(own) || otherCluster.isPresent() && CLUSTER_KEYS.contains(own);
            if (!individual) {
                plain(copied, key).ifPresent(plain -> config.put(key, plain));
            }
        });
        config.put(PREFIX + "tenant", name);
        handoverFile(project).ifPresent(handover -> config.put(PREFIX + "sharedStack", handover.stack()));
        domain(project).ifPresent(domain -> config.put(PREFIX + "domain", domain));
        otherCluster.ifPresent(context -> config.put(PREFIX + "context", context));
        settings.forEach((key, value) -> config.put(PREFIX + key, parsed(value)));
        return config;
    }

    private static Optional<Object> plain(Settings copied, String key) {
        var value = parsed(copied.values().getOrDefault(key, ""));
        return copied.secretKeys().contains(key)
                ? UnencryptedValue.of(key, value).value()
                : Optional.of(value);
    }

    /** {@code blue.example.com} becomes {@code green.example.com}. */
    private Optional<String> domain(Project project) {
        String old = project.tenant(like).map(TenantConfig::tenant).orElse(like);
        return project.files()
                .read(like, new Problems())
                .map(copied -> copied.values().getOrDefault(PREFIX + "domain", ""))
                .filter(domain -> domain.startsWith(old + "."))
                .map(domain -> name + domain.substring(old.length()));
    }

    /** Parses lists and objects as JSON; other values are strings. */
    private static Object parsed(String value) {
        try {
            return value.startsWith("[")
                    ? JSON.readValue(value, List.class)
                    : value.startsWith("{") ? JSON.readValue(value, Map.class) : value;
        } catch (JsonProcessingException e) {
            return value; // validation reports it
        }
    }
}
