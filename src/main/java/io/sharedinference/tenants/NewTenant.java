package io.sharedinference.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problems;
import io.sharedinference.project.Role;
import io.sharedinference.project.Settings;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.project.TenantName;
import java.util.EnumSet;
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

    private static final Set<Key> TENANT_KEYS = EnumSet.of(
            Key.TENANT, Key.NAMESPACE, Key.DOMAIN, Key.INFERENCE_API_URL, Key.IAM_URL, Key.PROXY_REGISTRY_PASSWORD);
    private static final Set<Key> CLUSTER_KEYS = EnumSet.of(Key.SHARED_API_NAMESPACE, Key.SHARED_API_CIDRS);
    private static final Set<Key> SHARED_API_KEYS = EnumSet.of(
            Key.CONTEXT,
            Key.KUBECONFIG,
            Key.KUBERNETES_PLUGIN_VERSION,
            Key.NAMESPACE,
            Key.DOMAIN,
            Key.INFERENCE_API_URL,
            Key.INFERENCE_API_CA);
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
        var own = new SecretSetting(key, "").unprefixed(read.name());
        return UnencryptedValue.of(own.path(), parsed(read.values().getOrDefault(key, ""))).secrets().stream();
    }

    /** The file of its hand-over stack, with the settings of the shared API; empty if it has none. */
    Optional<NewStackFile> handoverFile(Project project) {
        if (settings.containsKey(Key.SHARED_STACK.key())) {
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
            if (isOneOf(SHARED_API_KEYS, key) && !read.secretKeys().contains(key)) {
                config.put(key, value);
            }
        });
        config.put(Key.ROLE.of(read.name()), Role.HANDOVER.text());
        config.put(Key.TENANT.of(read.name()), name);
        return new NewStackFile("handover-" + name, shared, config);
    }

    private Map<String, Object> config(Project project) {
        var config = new TreeMap<String, Object>();
        var copied = project.files()
                .readOwn(like, new Problems())
                .orElseThrow(() -> new LifecycleException("cannot copy the settings of stack " + like + ": Pulumi."
                        + like + ".yaml does not exist.\nFix: name another tenant's stack with --like."));
        copied.values().forEach((key, value) -> {
            boolean individual = isOneOf(TENANT_KEYS, key) || otherCluster.isPresent() && isOneOf(CLUSTER_KEYS, key);
            if (!individual) {
                plain(copied, key).ifPresent(plain -> config.put(key, plain));
            }
        });
        var stack = copied.name();
        config.put(Key.TENANT.of(stack), name);
        handoverFile(project).ifPresent(handover -> config.put(Key.SHARED_STACK.of(stack), handover.stack()));
        domain(project).ifPresent(domain -> config.put(Key.DOMAIN.of(stack), domain));
        otherCluster.ifPresent(context -> config.put(Key.CONTEXT.of(stack), context));
        settings.forEach((key, value) -> config.put(stack.project() + ":" + key, parsed(value)));
        return config;
    }

    /** @param full key with the prefix of its project */
    private static boolean isOneOf(Set<Key> keys, String full) {
        return Key.of(full.substring(full.indexOf(':') + 1))
                .filter(keys::contains)
                .isPresent();
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
                .flatMap(copied -> copied.value(Key.DOMAIN))
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
