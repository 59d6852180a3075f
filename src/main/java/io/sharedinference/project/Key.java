package io.sharedinference.project;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every configuration key with its default. The engine requires a value for each key in Pulumi.yaml without a default,
 * whatever the stack's role, so every key has one there; blank, {@code []} and <code>{}</code> mean "not set".
 */
public enum Key {
    ROLE("role", ""),
    CONTEXT("context", ""),
    KUBECONFIG("kubeconfig", ""),
    NAMESPACE("namespace", ""),
    NAMESPACE_LABELS("namespaceLabels", "{}", Role.SHARED, Role.TENANT),
    NAMESPACE_ANNOTATIONS("namespaceAnnotations", "{}", Role.SHARED, Role.TENANT),
    RELEASE_NAME("releaseName", "pharia-ai", Role.SHARED, Role.TENANT),
    CHART("chart", "", Role.SHARED, Role.TENANT),
    CHART_REPOSITORY("chartRepository", "", Role.SHARED, Role.TENANT),
    CHART_REPOSITORY_USERNAME("chartRepositoryUsername", "", Role.SHARED, Role.TENANT),
    CHART_REPOSITORY_PASSWORD("chartRepositoryPassword", "", Role.SHARED, Role.TENANT),
    CHART_VERSION("chartVersion", "", Role.SHARED, Role.TENANT),
    VALUES_FILES("valuesFiles", "[]", Role.SHARED, Role.TENANT),
    VALUES("values", "{}", Role.SHARED, Role.TENANT),
    DOMAIN("domain", ""),
    INFERENCE_API_URL("inferenceApiUrl", ""),
    INFERENCE_API_CA("inferenceApiCa", "", Role.SHARED, Role.HANDOVER),
    IAM_URL("iamUrl", "", Role.SHARED, Role.TENANT),
    TIMEOUT_SECONDS("timeoutSeconds", "600", Role.SHARED, Role.TENANT),
    KUBERNETES_PLUGIN_VERSION("kubernetesPluginVersion", ClusterConfig.TESTED_VERSION),
    PROTECT("protect", "true", Role.SHARED, Role.TENANT),
    DRIFT_IGNORE("driftIgnore", "[]", Role.SHARED, Role.TENANT),

    TENANTS("tenants", "[]", Role.SHARED),
    SERVICE_USERS("serviceUsers", "{}", Role.SHARED),
    DISABLED_SERVICES("disabledServices", "[]", Role.SHARED),
    TOKEN_OUTPUTS("tokenOutputs", "true", Role.SHARED),
    PROMETHEUS_URL("prometheusUrl", "", Role.SHARED),
    FORCE("force", "false", Role.SHARED),

    TENANT("tenant", "", Role.TENANT, Role.HANDOVER),
    SHARED_STACK("sharedStack", "", Role.TENANT),
    PROXY_IMAGE("proxyImage", "", Role.TENANT),
    PROXY_IMAGE_REPOSITORY("proxyImageRepository", "", Role.TENANT),
    PROXY_BASE_IMAGE("proxyBaseImage", "gcr.io/distroless/cc-debian12:nonroot", Role.TENANT),
    PROXY_PLATFORMS("proxyPlatforms", "[]", Role.TENANT),
    PROXY_JAVA_BASE_IMAGE("proxyJavaBaseImage", JavaRuntime.Provided.DEFAULT_BASE_IMAGE, Role.TENANT),
    PROXY_REGISTRY_USERNAME("proxyRegistryUsername", "", Role.TENANT),
    PROXY_REGISTRY_PASSWORD("proxyRegistryPassword", "", Role.TENANT),
    PROXY_REGISTRY_INSECURE("proxyRegistryInsecure", "false", Role.TENANT),
    PROXY_IMAGE_REGISTRY_PATH("proxyImageRegistryPath", "inference-api-proxy.image.registry", Role.TENANT),
    PROXY_IMAGE_REPOSITORY_PATH("proxyImageRepositoryPath", "inference-api-proxy.image.repository", Role.TENANT),
    PROXY_IMAGE_TAG_PATH("proxyImageTagPath", "inference-api-proxy.image.tag", Role.TENANT),
    PROXY_ENVIRONMENT("proxyEnvironment", "{}", Role.TENANT),
    PROXY_ENVIRONMENT_PATH("proxyEnvironmentPath", "inference-api-proxy.env", Role.TENANT),
    PROXY_ENVIRONMENT_FORMAT("proxyEnvironmentFormat", "map", Role.TENANT),
    PROXY_LIMITS("proxyLimits", "{}", Role.TENANT),
    NETWORK_POLICY("networkPolicy", "true", Role.TENANT),
    SHARED_API_NAMESPACE("sharedApiNamespace", "", Role.TENANT),
    SHARED_API_CIDRS("sharedApiCidrs", "[]", Role.TENANT),
    CILIUM_FQDN_POLICY("ciliumFqdnPolicy", "false", Role.TENANT),
    CLIENT_NAMESPACES("clientNamespaces", "[]", Role.TENANT),
    PROXY_POD_LABELS("proxyPodLabels", "{\"app.kubernetes.io/name\":\"inference-api-proxy\"}", Role.TENANT),
    IAM_POD_LABELS("iamPodLabels", "{\"app.kubernetes.io/name\":\"pharia-iam\"}", Role.TENANT),
    MONITORING("monitoring", "false", Role.TENANT),
    MONITORING_LABELS("monitoringLabels", "{}", Role.TENANT),

    SERVICE_USER("serviceUser", "", Role.HANDOVER);

    private final String key;
    private final String defaultValue;
    private final Set<Role> roles;

    /** @param roles that the key applies to; none means all */
    Key(String key, String defaultValue, Role... roles) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.roles = roles.length == 0 ? EnumSet.allOf(Role.class) : EnumSet.copyOf(List.of(roles));
    }

    /** The key with this name, without the project's prefix. */
    public static Optional<Key> of(String name) {
        return Arrays.stream(values()).filter(key -> key.key.equals(name)).findFirst();
    }

    /** Name of the key in a stack file, without the project's prefix. */
    public String key() {
        return key;
    }

    /** Name of the key with the prefix of the stack's project. */
    public String of(StackName stack) {
        return stack.project() + ":" + key;
    }

    /** Value used when the key is not set, in its string form. */
    String defaultValue() {
        return defaultValue;
    }

    boolean allowedFor(Role role) {
        return roles.contains(role);
    }
}
