package io.sharedinference.project;

import static io.sharedinference.project.ConfigFixtures.handover;
import static io.sharedinference.project.ConfigFixtures.settings;
import static io.sharedinference.project.ConfigFixtures.shared;
import static io.sharedinference.project.ConfigFixtures.tenant;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StackConfigTest {

    @Test
    void sharedUsesDefaults() {
        assertEquals(
                new SharedConfig(
                        new InstallationConfig(
                                new StackName("organization", "shared-inference", "mine"),
                                new ClusterConfig("gpu", Optional.empty(), "4.25.0"),
                                "pharia-ai-shared",
                                new NamespaceMetadata(Map.of(), Map.of()),
                                "pharia-ai",
                                new Chart(
                                        "oci://registry.example.com/pharia-ai",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                List.of(),
                                Map.of(),
                                false,
                                URI.create("https://inference-api.shared.example.com"),
                                URI.create("https://pharia-iam.shared.example.com"),
                                Duration.ofMinutes(10),
                                true,
                                List.of()),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        true,
                        Optional.empty(),
                        false),
                ConfigFixtures.sharedConfig(shared()));
    }

    @Test
    void sharedReadsEveryKey() {
        var keys = shared();
        keys.remove("domain");
        keys.putAll(Map.of(
                "kubeconfig",
                "/etc/kubeconfig",
                "namespace",
                "gpus",
                "releaseName",
                "pharia",
                "chart",
                "pharia-ai",
                "chartRepository",
                "https://charts.example.com",
                "chartVersion",
                "1.2.3",
                "valuesFiles",
                "[\"a.yaml\",\"b.yaml\"]",
                "values",
                "{\"a\":{\"b\":1}}",
                "timeoutSeconds",
                "60"));
        keys.putAll(Map.of(
                "inferenceApiUrl",
                "http://10.0.0.1:8080/",
                "iamUrl",
                "https://iam.example.com/base",
                "kubernetesPluginVersion",
                "4.30.1",
                "tenants",
                "[\"green\",\"blue\"]",
                "serviceUsers",
                "{\"blue\":[\"blue-2\",\"blue-11\"]}",
                "disabledServices",
                "[\"pharia-studio\",\"a.b\"]",
                "tokenOutputs",
                "false",
                "protect",
                "false",
                "force",
                "true"));
        keys.putAll(Map.of(
                "namespaceLabels",
                "{\"a/b\":\"c\"}",
                "namespaceAnnotations",
                "{\"d/e\":\"f g\"}",
                "chartRepositoryUsername",
                "me",
                "chartRepositoryPassword",
                "hush-hush",
                "driftIgnore",
                "[\"Secret/*:/data/tls.crt\"]",
                "prometheusUrl",
                "https://prometheus.example.com/base/"));
        assertEquals(
                new SharedConfig(
                        new InstallationConfig(
                                new StackName("organization", "shared-inference", "mine"),
                                new ClusterConfig("gpu", Optional.of(Path.of("/etc/kubeconfig")), "4.30.1"),
                                "gpus",
                                new NamespaceMetadata(Map.of("a/b", "c"), Map.of("d/e", "f g")),
                                "pharia",
                                new Chart(
                                        "pharia-ai",
                                        Optional.of("https://charts.example.com"),
                                        Optional.of(new Credentials("me", "hush-hush")),
                                        Optional.of("1.2.3")),
                                List.of(Path.of("a.yaml"), Path.of("b.yaml")),
                                Map.of("a", Map.of("b", 1)),
                                false,
                                URI.create("http://10.0.0.1:8080"),
                                URI.create("https://iam.example.com/base"),
                                Duration.ofMinutes(1),
                                false,
                                List.of(new IgnoredField("Secret", "*", List.of("data", "tls.crt")))),
                        Optional.empty(),
                        List.of(
                                new ServiceUsers("blue", List.of("blue-2", "blue-11")),
                                new ServiceUsers("green", List.of("green"))),
                        List.of("pharia-studio", "a.b"),
                        false,
                        Optional.of(URI.create("https://prometheus.example.com/base")),
                        true),
                parsed(keys, "shared-inference:chartRepositoryPassword"));
    }

    private static StackConfig parsed(Map<String, String> keys, String... secret) {
        var problems = new Problems();
        var config = StackConfig.parse(ConfigFixtures.settings(keys, secret), problems);
        problems.throwIfAny("mine");
        return config.orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chartRepositoryUsername | me             | chartRepositoryPassword | required when
            chartRepositoryPassword | hush-hush      | chartRepositoryPassword | must be encrypted
            chartRepositoryPassword | hush-hush      | chartRepositoryUsername | required when
            chartRepository         | https://me:hush-hush@charts.example.com | chartRepository | set credentials with chartRepositoryUsername
            namespace               | default        | namespace               | must not be a system namespace
            namespace               | kube-public    | namespace               | must not be a system namespace
            namespaceLabels         | {"a b":"c"}    | namespaceLabels         | must be valid Kubernetes labels
            namespaceLabels         | {"a":"b c"}    | namespaceLabels         | must be valid Kubernetes labels
            namespaceLabels         | {"a":null}     | namespaceLabels         | must be valid Kubernetes labels
            namespaceAnnotations    | {"a b":"c"}    | namespaceAnnotations    | must be valid Kubernetes annotations
            namespaceAnnotations    | ["a"]          | namespaceAnnotations    | must be valid Kubernetes annotations
            """)
    void rejectsValueWithoutShowingPasswords(String key, String value, String subject, String rule) {
        var keys = shared();
        keys.put(key, value);
        var message = assertThrows(ConfigException.class, () -> parsed(keys)).getMessage();
        assertTrue(message.contains("shared-inference:" + subject) && message.contains(rule), message);
        assertFalse(message.contains("hush-hush"), message);
    }

    @Test
    void rejectsCredentialsWithoutRepository() {
        var keys = shared();
        keys.putAll(Map.of("chartRepositoryUsername", "me", "chartRepositoryPassword", "hush-hush"));
        var message = assertThrows(
                        ConfigException.class, () -> parsed(keys, "shared-inference:chartRepositoryPassword"))
                .getMessage();
        assertTrue(message.contains("helm registry login"), message);
    }

    @Test
    void tenantUsesDefaults() {
        var config = ConfigFixtures.tenantConfig(tenant());
        assertEquals("blue", config.tenant());
        assertEquals("blue", config.installation().namespace());
        assertEquals(
                "organization/shared-inference/shared", config.sharedStack().toString());
        assertEquals(
                new ProxyImageConfig(
                        Optional.of("registry.example.com/proxy@sha256:" + "0".repeat(64)),
                        "",
                        new JavaRuntime.Linked("gcr.io/distroless/cc-debian12:nonroot"),
                        Optional.empty(),
                        false),
                config.image().orElseThrow());
        assertEquals(
                new ImagePaths(
                        "inference-api-proxy.image.registry",
                        "inference-api-proxy.image.repository",
                        "inference-api-proxy.image.tag"),
                config.imagePaths());
        assertEquals(
                new NetworkPolicyConfig(
                        true,
                        Optional.empty(),
                        List.of("0.0.0.0/0", "::/0"),
                        false,
                        List.of(),
                        Map.of("app.kubernetes.io/name", "inference-api-proxy"),
                        Map.of("app.kubernetes.io/name", "pharia-iam")),
                config.networkPolicy());
    }

    @ParameterizedTest
    @CsvSource({"chart, ''", "chart, registry.example.com/proxy", "'', ''"})
    void theChartsOwnProxyIsChosenByNameOrByNothing(String image, String repository) {
        var keys = tenant();
        keys.put("proxyImage", image);
        keys.put("proxyImageRepository", repository);
        assertEquals(Optional.empty(), ConfigFixtures.tenantConfig(keys).image());
    }

    @Test
    void theProxysEnvironmentIsRead() {
        var keys = tenant();
        keys.put("proxyEnvironment", "{\"ACCESS_LOG\":\"false\"}");
        keys.put("proxyEnvironmentPath", "proxy.extraEnv");
        keys.put("proxyEnvironmentFormat", "list");
        assertEquals(
                new ProxyEnvironment("proxy.extraEnv", ProxyEnvironment.Format.LIST, Map.of("ACCESS_LOG", "false")),
                ConfigFixtures.tenantConfig(keys).environment());
    }

    @Test
    void limitsAreEnvironmentVariablesOfTheProxy() {
        var keys = tenant();
        keys.put("proxyEnvironment", "{\"ACCESS_LOG\":\"false\"}");
        keys.put("proxyLimits", """
                {"maxRequests":8,"maxUserRequests":2,"requestsPerMinute":600,"userRequestsPerMinute":60,
                "tokensPerMinute":100000,"userTokensPerMinute":5000,"queueTimeout":"30s",
                "models":{"llama-3.1-70b":{"requests":4,"userTokensPerMinute":999}}}""");
        assertEquals(
                Map.of(
                        "ACCESS_LOG",
                        "false",
                        "MAX_REQUESTS",
                        "8",
                        "MAX_USER_REQUESTS",
                        "2",
                        "REQUESTS_PER_MINUTE",
                        "600",
                        "USER_REQUESTS_PER_MINUTE",
                        "60",
                        "TOKENS_PER_MINUTE",
                        "100000",
                        "USER_TOKENS_PER_MINUTE",
                        "5000",
                        "QUEUE_TIMEOUT",
                        "30s",
                        "MODEL_LIMITS",
                        "{\"llama-3.1-70b\":{\"requests\":4,\"userTokensPerMinute\":999}}"),
                ConfigFixtures.tenantConfig(keys).environment().variables());
    }

    @Test
    void allInvalidLimitsAreReportedAtOnce() {
        var keys = tenant();
        keys.put("proxyImage", "chart");
        keys.put("proxyEnvironment", "{\"MAX_REQUESTS\":\"1\"}");
        keys.put("proxyLimits", """
                {"maxRequests":1,"tokensPerMinute":-1,"maxTokens":1,"queueTimeout":30,
                "models":{"a":{"requests":"x"},"b":{"maxRequests":1},"c":1}}""");
        var problems = new Problems();
        StackConfig.parse(ConfigFixtures.settings(keys), problems);
        var text = problems.all().toString();
        for (var part : List.of(
                "must not be set with the chart's own proxy",
                "tokensPerMinute: -1\": must be a whole number",
                "maxTokens\": unknown limit",
                "queueTimeout: 30\": must be a duration",
                "models.a.requests: x\": must be a whole number",
                "models.b.maxRequests\": unknown limit",
                "models.c: 1\": must be an object",
                "MAX_REQUESTS\": must not be set together with shared-inference:proxyLimits")) {
            assertTrue(text.contains(part), part + " is not in " + text);
        }
    }

    @Test
    void tenantReadsEveryKey() {
        var keys = tenant();
        keys.remove("proxyImage");
        keys.putAll(Map.of(
                "sharedStack",
                "acme/gpus/prod",
                "proxyImageRepository",
                "registry:5000/a/b",
                "proxyBaseImage",
                "base:1",
                "proxyRegistryUsername",
                "user",
                "proxyRegistryPassword",
                "hush",
                "proxyRegistryInsecure",
                "true",
                "networkPolicy",
                "false"));
        keys.putAll(Map.of(
                "proxyImageRegistryPath",
                "p.r",
                "proxyImageRepositoryPath",
                "p.n",
                "proxyImageTagPath",
                "p.t",
                "sharedApiCidrs",
                "[\"10.1.0.0/16\",\"2001:db8::/32\"]",
                "clientNamespaces",
                "[\"ingress-nginx\"]",
                "proxyPodLabels",
                "{\"app\":\"p\"}",
                "iamPodLabels",
                "{\"app\":\"i\"}",
                "monitoring",
                "true",
                "monitoringLabels",
                "{\"release\":\"prometheus\"}"));
        var problems = new Problems();
        var config =
                (TenantConfig) StackConfig.parse(settings(keys, "shared-inference:proxyRegistryPassword"), problems)
                        .orElseThrow();
        assertEquals(List.of(), problems.all());
        assertEquals("acme/gpus/prod", config.sharedStack().toString());
        assertEquals(
                new ProxyImageConfig(
                        Optional.empty(),
                        "registry:5000/a/b",
                        new JavaRuntime.Linked("base:1"),
                        Optional.of(new Credentials("user", "hush")),
                        true),
                config.image().orElseThrow());
        assertEquals(new ImagePaths("p.r", "p.n", "p.t"), config.imagePaths());
        assertEquals(
                new NetworkPolicyConfig(
                        false,
                        Optional.empty(),
                        List.of("10.1.0.0/16", "2001:db8::/32"),
                        false,
                        List.of("ingress-nginx"),
                        Map.of("app", "p"),
                        Map.of("app", "i")),
                config.networkPolicy());
        assertEquals(new MonitoringConfig(true, Map.of("release", "prometheus")), config.monitoring());
    }

    @Test
    void handoverUsesDefaults() {
        assertEquals(
                new HandoverConfig(
                        new ClusterConfig("gpu", Optional.empty(), "4.25.0"),
                        "pharia-ai-shared",
                        URI.create("https://inference-api.shared.example.com"),
                        Optional.empty(),
                        "blue",
                        "blue"),
                ConfigFixtures.handoverConfig(handover()));
    }

    @Test
    void handoverReadsEveryKey() {
        var keys = handover();
        keys.remove("domain");
        keys.putAll(Map.of(
                "namespace", "gpus",
                "kubeconfig", "k",
                "kubernetesPluginVersion", "4.30.0",
                "inferenceApiUrl", "http://10.0.0.1:8080",
                "serviceUser", "blue-3"));
        assertEquals(
                new HandoverConfig(
                        new ClusterConfig("gpu", Optional.of(Path.of("k")), "4.30.0"),
                        "gpus",
                        URI.create("http://10.0.0.1:8080"),
                        Optional.empty(),
                        "blue",
                        "blue-3"),
                ConfigFixtures.handoverConfig(keys));
    }

    @Test
    void readsSharedApiNamespace() {
        var keys = tenant();
        keys.put("sharedApiNamespace", "pharia-ai-shared");
        assertEquals(
                Optional.of("pharia-ai-shared"),
                ConfigFixtures.tenantConfig(keys).networkPolicy().sharedApiNamespace());
    }

    @Test
    void marksEncryptedValuesAsSecret() {
        var keys = shared();
        keys.put("values", "{\"a\":\"b\"}");
        var config = StackConfig.parse(settings(keys, "shared-inference:values"), new Problems())
                .orElseThrow();
        assertTrue(config.installed().orElseThrow().secretValues());
    }

    @ParameterizedTest
    @MethodSource
    void rejectsInvalidValue(Map<String, String> base, String key, String value, String expected) {
        if (value.equals("-")) {
            base.remove(key);
        } else {
            base.put(key, value);
        }
        var message = problems(settings(base));
        assertAll(
                () -> assertTrue(message.contains(key.contains(":") ? key : "shared-inference:" + key), message),
                () -> assertTrue(message.contains(expected), message),
                () -> assertTrue(
                        value.equals("-")
                                || value.startsWith("[")
                                || value.startsWith("{")
                                || message.contains(value.replace(":word@", ":[secret]@")),
                        message),
                () -> assertTrue(message.contains("Fix: "), message));
    }

    static List<Arguments> rejectsInvalidValue() {
        return List.of(
                Arguments.of(shared(), "driftIgnore", "[\"data.ca.crt\"]", "must be KIND/NAME:/JSON/POINTER"),
                Arguments.of(shared(), "role", "gateway", "must be shared, tenant or handover"),
                Arguments.of(shared(), "role", "-", "is not set"),
                Arguments.of(shared(), "role", "Shared", "must be shared, tenant or handover"),
                Arguments.of(shared(), "context", "-", "is not set"),
                Arguments.of(shared(), "chart", "-", "is not set"),
                Arguments.of(shared(), "chartRepository", "charts.example.com", "http(s) URL"),
                Arguments.of(shared(), "namespace", "Name_Space", "DNS label"),
                Arguments.of(shared(), "namespace", "n".repeat(64), "63 characters"),
                Arguments.of(shared(), "releaseName", "r".repeat(54), "53 characters"),
                Arguments.of(shared(), "valuesFiles", "{}{", "list"),
                Arguments.of(shared(), "values", "[1]", "object"),
                Arguments.of(shared(), "domain", "https://example.com", "DNS domain"),
                Arguments.of(shared(), "domain", "-", "neither is"),
                Arguments.of(shared(), "inferenceApiUrl", "inference.example.com", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "ftp://inference.example.com", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "https://", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "https://user:word@example.com", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "https://example.com/?a=b", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "https://example.com/#a", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "https://exa mple.com", "http(s) URL"),
                Arguments.of(shared(), "inferenceApiUrl", "https://example.com:70000", "http(s) URL"),
                Arguments.of(shared(), "iamUrl", "iam", "http(s) URL"),
                Arguments.of(shared(), "prometheusUrl", "prometheus:9090", "http(s) URL"),
                Arguments.of(shared(), "timeoutSeconds", "0", "positive integer"),
                Arguments.of(shared(), "timeoutSeconds", "ten", "positive integer"),
                Arguments.of(shared(), "kubernetesPluginVersion", "4.24.9", "4.25.0"),
                Arguments.of(shared(), "kubernetesPluginVersion", "3.99.9", "4.25.0"),
                Arguments.of(shared(), "kubernetesPluginVersion", "4.25", "4.25.0"),
                Arguments.of(shared(), "kubernetesPluginVersion", "v4.30.0", "4.25.0"),
                Arguments.of(shared(), "tenants", "[\"Tenant_1\"]", "\"Tenant_1\""),
                Arguments.of(shared(), "tenants", "[\"a\",\"a\"]", "duplicate tenant"),
                Arguments.of(shared(), "tenants", "[\"-a\"]", "DNS label"),
                Arguments.of(shared(), "tenants", "[null]", "DNS label"),
                Arguments.of(shared(), "tenants", "[\"a\",\"a-2\"]", "future service user of the tenant a"),
                Arguments.of(with(shared(), "tenants", "[\"a\"]"), "serviceUsers", "{\"b\":[\"b\"]}", "unknown tenant"),
                Arguments.of(
                        with(shared(), "tenants", "[\"a\"]"),
                        "serviceUsers",
                        "{\"a\":[]}",
                        "at least one service user"),
                Arguments.of(
                        with(shared(), "tenants", "[\"a\"]"),
                        "serviceUsers",
                        "{\"a\":null}",
                        "at least one service user"),
                Arguments.of(
                        with(shared(), "tenants", "[\"a\"]"),
                        "serviceUsers",
                        "{\"a\":[null]}",
                        "at least one service user"),
                Arguments.of(
                        with(shared(), "tenants", "[\"a\"]"),
                        "serviceUsers",
                        "{\"a\":[\"a\",\"a\"]}",
                        "without duplicates"),
                Arguments.of(with(shared(), "tenants", "[\"a\"]"), "serviceUsers", "{\"a\":[\"a-1\"]}", "a, a-2, a-3"),
                Arguments.of(with(shared(), "tenants", "[\"a\"]"), "serviceUsers", "{\"a\":[\"a-02\"]}", "a, a-2, a-3"),
                Arguments.of(with(shared(), "tenants", "[\"a\"]"), "serviceUsers", "{\"a\":[\"b-2\"]}", "a, a-2, a-3"),
                Arguments.of(
                        with(shared(), "tenants", "[\"a\"]"), "serviceUsers", "{\"a\":\"a-2\"}", "object with lists"),
                Arguments.of(shared(), "disabledServices", "[\"pharia-iam\"]", "must not disable inference or IAM"),
                Arguments.of(
                        shared(), "disabledServices", "[\"inference-api.x\"]", "must not disable inference or IAM"),
                Arguments.of(
                        shared(), "disabledServices", "[\"global.inference\"]", "must not disable inference or IAM"),
                Arguments.of(shared(), "disabledServices", "[\"a..b\"]", "dot-separated path"),
                Arguments.of(shared(), "tenant", "[\"a\"]", "did you mean shared-inference:tenants?"),
                Arguments.of(shared(), "sharedStack", "shared", "not supported for the role shared"),
                Arguments.of(shared(), "contxt", "x", "did you mean shared-inference:context?"),
                Arguments.of(shared(), "valueFiles", "[]", "did you mean shared-inference:valuesFiles?"),
                Arguments.of(shared(), "zzzzzzzzz", "[]", "unknown configuration key"),
                Arguments.of(shared(), "kubernetes:context", "[]", "has no effect"),
                Arguments.of(shared(), "sharedinference:context", "[]", "or set shared-inference:context"),
                Arguments.of(shared(), "protect", "no", "true or false"),
                Arguments.of(shared(), "force", "yes", "true or false"),
                Arguments.of(tenant(), "force", "true", "not supported for the role tenant"),
                Arguments.of(tenant(), "tenant", "-", "is not set"),
                Arguments.of(tenant(), "tenant", "Tenant_1", "DNS label"),
                Arguments.of(tenant(), "tenant", "t".repeat(64), "63 characters"),
                Arguments.of(tenant(), "sharedStack", "-", "is not set"),
                Arguments.of(tenant(), "sharedStack", "a/b", "ORGANIZATION/PROJECT/STACK"),
                Arguments.of(tenant(), "sharedStack", "mine", "this stack itself"),
                Arguments.of(tenant(), "proxyImage", "image", "REGISTRY/REPOSITORY"),
                Arguments.of(tenant(), "proxyImage", ":1.0", "REGISTRY/REPOSITORY"),
                Arguments.of(tenant(), "proxyImage", "registry.example.com/:1.0", "REGISTRY/REPOSITORY"),
                Arguments.of(tenant(), "proxyImage", "registry.example.com/a b", "REGISTRY/REPOSITORY"),
                Arguments.of(tenant(), "proxyImage", "registry.example.com/a@sha256:0", "REGISTRY/REPOSITORY"),
                Arguments.of(tenant(), "proxyImageRepository", "registry/a:tag", "without a tag"),
                Arguments.of(tenant(), "proxyEnvironment", "{\"A-B\":\"x\"}", "names of environment variables"),
                Arguments.of(tenant(), "proxyEnvironmentFormat", "array", "map or list"),
                Arguments.of(tenant(), "proxyRegistryInsecure", "yes", "true or false"),
                Arguments.of(
                        with(tenant(), "proxyRegistryUsername", "me"),
                        "proxyRegistryPassword",
                        "-",
                        "required when proxyRegistryUsername is set"),
                Arguments.of(tenant(), "proxyImageTagPath", "a..b", "dot-separated path"),
                Arguments.of(tenant(), "networkPolicy", "off", "true or false"),
                Arguments.of(tenant(), "sharedApiNamespace", "A", "DNS label"),
                Arguments.of(tenant(), "sharedApiCidrs", "[\"10.0.0.0\"]", "CIDR block"),
                Arguments.of(tenant(), "sharedApiCidrs", "[\"10.0.0.0/33\"]", "CIDR block"),
                Arguments.of(tenant(), "sharedApiCidrs", "[\"300.0.0.0/8\"]", "CIDR block"),
                Arguments.of(tenant(), "sharedApiCidrs", "[\"example.com/8\"]", "CIDR block"),
                Arguments.of(
                        with(tenant(), "sharedApiNamespace", "a"),
                        "sharedApiCidrs",
                        "[\"10.0.0.0/8\"]",
                        "must not be set together"),
                Arguments.of(
                        with(tenant(), "sharedApiNamespace", "a"),
                        "ciliumFqdnPolicy",
                        "true",
                        "must not be set together"),
                Arguments.of(tenant(), "clientNamespaces", "[\"A\"]", "DNS label"),
                Arguments.of(tenant(), "monitoringLabels", "{\"a b\":\"c\"}", "valid Kubernetes labels"),
                Arguments.of(tenant(), "proxyPodLabels", "{}", "at least one pod label"),
                Arguments.of(tenant(), "iamPodLabels", "{\"a b\":\"c\"}", "pod label"),
                Arguments.of(shared(), "tokenOutputs", "no", "true or false"),
                Arguments.of(handover(), "serviceUser", "green", "must be a service user of the tenant"),
                Arguments.of(handover(), "tenant", "-", "is not set"),
                Arguments.of(handover(), "chart", "oci://x", "not supported for the role handover"),
                Arguments.of(handover(), "domain", "-", "neither is"),
                Arguments.of(tenant(), "tenants", "[\"a\"]", "not supported for the role tenant"));
    }

    @Test
    void reportsAllProblemsAtOnce() {
        var keys = tenant();
        keys.putAll(Map.of("tenant", "Bad_Name", "inferenceApiUrl", "ftp://x", "typo", "1", "namespace", "B"));
        keys.remove("context");
        var message = problems(settings(keys));
        assertAll(
                List.of(
                                "5 problems",
                                "Bad_Name",
                                "ftp://x",
                                "shared-inference:typo",
                                "shared-inference:context",
                                "\"B\"")
                        .stream()
                        .map(part -> () -> assertTrue(message.contains(part), message)));
    }

    @Test
    void rejectsUnencryptedPasswordWithoutShowingIt() {
        var keys = tenant();
        keys.putAll(Map.of("proxyRegistryUsername", "me", "proxyRegistryPassword", "hush-hush"));
        var message = problems(settings(keys));
        assertTrue(message.contains("must be encrypted"), message);
        assertFalse(message.contains("hush-hush"), message);
    }

    @Test
    void masksSecretValue() {
        var keys = new HashMap<>(shared());
        keys.put("iamUrl", "hush-hush");
        var message = problems(settings(keys, "shared-inference:iamUrl"));
        assertTrue(message.contains("[secret]"), message);
        assertFalse(message.contains("hush-hush"), message);
    }

    @Test
    void acceptsDefaultsOfOtherRoles() {
        var keys = shared();
        for (var key : Key.values()) {
            keys.putIfAbsent(key.key(), key.defaultValue());
        }
        assertEquals(ConfigFixtures.sharedConfig(shared()), ConfigFixtures.sharedConfig(keys));
    }

    private static String problems(Settings settings) {
        var problems = new Problems();
        StackConfig.parse(settings, problems);
        return assertThrows(ConfigException.class, () -> problems.throwIfAny("mine"))
                .getMessage();
    }

    private static Map<String, String> with(Map<String, String> keys, String key, String value) {
        keys.put(key, value);
        return keys;
    }
}
