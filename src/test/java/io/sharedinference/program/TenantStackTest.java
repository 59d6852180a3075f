package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.Context;
import com.pulumi.core.internal.Constants;
import com.pulumi.core.internal.Internal;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestResult;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.TenantConfig;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The role's whole program, on an engine that only writes down. */
class TenantStackTest {

    private static final String STACK = "organization/shared-inference/shared";
    private static final String REFERENCE = "pulumi:pulumi:StackReference";
    private static final String RELEASE = "kubernetes:helm.sh/v3:Release";
    private static final String SECRET = "kubernetes:core/v1:Secret";
    private static final String POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    private static final String POD_MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
    private static final List<String> TYPES = List.of(
            RELEASE,
            "kubernetes:core/v1:Namespace",
            SECRET,
            POLICY,
            "pulumi:providers:kubernetes",
            REFERENCE,
            "shared-inference:release:Installation");
    private static final Map<String, Object> DNS =
            Map.of("ports", List.of(Map.of("protocol", "UDP", "port", 53.0), Map.of("protocol", "TCP", "port", 53.0)));
    private static final Map<String, Object> IAM = Map.of(
            "to",
            List.of(Map.of("podSelector", Map.of("matchLabels", Map.of("app.kubernetes.io/name", "pharia-iam")))));

    @TempDir
    Path checkout;

    private final Map<String, String> keys = ConfigFixtures.tenant();
    private final Map<String, Object> shared = new HashMap<>(Map.of(
            "inferenceApiUrl", "https://inference-api.shared.example.com",
            "namespace", "pharia-ai-shared",
            "tenants", List.of("blue", "green"),
            "token-blue", "hush-hush",
            "token-green", "not-for-blue"));
    private final FakeEngine engine = new FakeEngine();
    private Optional<StackConfig> source = Optional.empty();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsSharedStackBeforeDeclaringResources(boolean preview) {
        run(preview).throwOnError();
        assertEquals(REFERENCE, engine.types().get(0));
        assertEquals(
                TYPES,
                engine.types().stream()
                        .sorted(Comparator.comparingInt(TYPES::indexOf))
                        .toList());
    }

    @Test
    void declaresNamespaceThenSecretAndPolicyThenRelease() {
        run(false).throwOnError();
        var kubernetes = engine.types().stream()
                .filter(type -> type.startsWith("kubernetes:"))
                .toList();
        assertEquals("kubernetes:core/v1:Namespace", kubernetes.get(0));
        assertEquals(RELEASE, kubernetes.get(kubernetes.size() - 1));
    }

    @Test
    void storesTokenOnlyInSecret() {
        var result = run(false).throwOnError();
        assertEquals(
                Map.of(
                        "remote-inference-api-url",
                        "aHR0cHM6Ly9pbmZlcmVuY2UtYXBpLnNoYXJlZC5leGFtcGxlLmNvbQ==",
                        "remote-inference-api-token",
                        "aHVzaC1odXNo"),
                engine.only(SECRET).inputs.get("data"));
        assertEquals(
                Map.of(
                        "name", "inference-api-proxy-secret",
                        "namespace", "blue",
                        "annotations", Map.of("pulumi.com/patchForce", "true")),
                engine.only(SECRET).inputs.get("metadata"));
        engine.declared().stream()
                .filter(resource -> !resource.type.equals(SECRET))
                .forEach(resource -> {
                    var inputs = resource.inputs.toString();
                    assertFalse(inputs.contains("hush-hush") || inputs.contains("aHVzaC1odXNo"), resource.type);
                });
        result.outputs()
                .values()
                .forEach(output -> assertFalse(
                        String.valueOf(PulumiTest.extractValue(output)).contains("hush")));
    }

    @Test
    void storesCaInSecret() {
        shared.put("inferenceApiCa", "some PEM\n");
        run(false).throwOnError();
        var data = (Map<?, ?>) engine.only(SECRET).inputs.get("data");
        assertEquals("c29tZSBQRU0K", data.get("remote-inference-api-ca"));
        assertEquals(3, data.size());
    }

    @Test
    void exportsNoSecrets() {
        var result = run(false).throwOnError();
        assertEquals(
                Map.of(
                        "inferenceApiUrl", "https://inference-api.blue.example.com",
                        "namespace", "blue",
                        "proxyImage", "registry.example.com/proxy@sha256:" + "0".repeat(64),
                        "tokenFingerprint", "fbdc077454d782ba"),
                extracted(result));
        result.outputs()
                .values()
                .forEach(output -> assertFalse(Internal.of(output).isSecret().join()));
    }

    private static Map<String, Object> extracted(TestResult result) {
        var outputs = new HashMap<String, Object>();
        result.outputs().forEach((name, output) -> outputs.put(name, PulumiTest.extractValue(output)));
        return outputs;
    }

    @Test
    void policyAllowsDnsIamAndSharedApi() {
        keys.put("sharedApiCidrs", "[\"203.0.113.0/24\"]");
        run(false).throwOnError();
        assertEquals(
                Map.of(
                        "podSelector", Map.of("matchLabels", Map.of("app.kubernetes.io/name", "inference-api-proxy")),
                        "policyTypes", List.of("Egress"),
                        "egress",
                                List.of(
                                        DNS,
                                        IAM,
                                        Map.of(
                                                "to", List.of(Map.of("ipBlock", Map.of("cidr", "203.0.113.0/24"))),
                                                "ports", List.of(Map.of("protocol", "TCP", "port", 443.0))))),
                engine.only(POLICY).inputs.get("spec"));
    }

    @Test
    void policySelectsSharedNamespaceInSameCluster() {
        keys.put("sharedApiNamespace", "pharia-ai-shared");
        run(false).throwOnError();
        assertEquals(
                List.of(
                        DNS,
                        IAM,
                        Map.of(
                                "to",
                                List.of(Map.of(
                                        "namespaceSelector",
                                        Map.of(
                                                "matchLabels",
                                                Map.of("kubernetes.io/metadata.name", "pharia-ai-shared")))))),
                ((Map<?, ?>) engine.only(POLICY).inputs.get("spec")).get("egress"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.example.com=80", "https://a.example.com=443", "http://a.example.com:30080=30080"})
    void policyUsesPortOfUrl(String pair) {
        shared.put("inferenceApiUrl", pair.split("=")[0]);
        run(false).throwOnError();
        assertTrue(
                engine.only(POLICY).inputs.toString().contains("port=" + Double.valueOf(pair.split("=")[1])),
                engine.only(POLICY).inputs.toString());
    }

    @Test
    void clientNamespacesRestrictIngress() {
        keys.put("clientNamespaces", "[\"ingress-nginx\"]");
        run(false).throwOnError();
        var spec = (Map<?, ?>) engine.only(POLICY).inputs.get("spec");
        assertEquals(List.of("Ingress", "Egress"), spec.get("policyTypes"));
        assertEquals(
                List.of(
                        Map.of(
                                "from",
                                List.of(
                                        Map.of("podSelector", Map.of()),
                                        Map.of(
                                                "namespaceSelector",
                                                Map.of(
                                                        "matchLabels",
                                                        Map.of("kubernetes.io/metadata.name", "ingress-nginx"))))),
                        Map.of("ports", List.of(Map.of("protocol", "TCP", "port", 8081.0)))),
                spec.get("ingress"));
    }

    @Test
    void ciliumPolicyAllowsSharedApiByHostName() {
        keys.put("ciliumFqdnPolicy", "true");
        run(false).throwOnError();
        assertEquals(List.of(DNS, IAM), ((Map<?, ?>) engine.only(POLICY).inputs.get("spec")).get("egress"));
        var cilium = engine.only("kubernetes:cilium.io/v2:CiliumNetworkPolicy").inputs;
        assertEquals(
                Map.of(
                        "name", "inference-api-proxy-fqdn",
                        "namespace", "blue",
                        "annotations", Map.of("pulumi.com/patchForce", "true")),
                cilium.get("metadata"));
        var egress = (List<?>) ((Map<?, ?>) cilium.get("spec")).get("egress");
        assertEquals(
                Map.of(
                        "toFQDNs",
                        List.of(Map.of("matchName", "inference-api.shared.example.com")),
                        "toPorts",
                        List.of(Map.of("ports", List.of(Map.of("port", "443", "protocol", "TCP"))))),
                egress.get(1));
    }

    @Test
    void podMonitorAddsTheLabelsOfRulesAndDashboard() {
        keys.put("monitoring", "true");
        keys.put("monitoringLabels", "{\"release\":\"kube-prometheus-stack\"}");
        keys.put("proxyPodLabels", "{\"app\":\"proxy\"}");
        run(false).throwOnError();
        var monitor = engine.only(POD_MONITOR).inputs;
        assertEquals("monitoring.coreos.com/v1", monitor.get("apiVersion"));
        assertEquals("PodMonitor", monitor.get("kind"));
        assertEquals(
                Map.of(
                        "name",
                        "inference-api-proxy",
                        "namespace",
                        "blue",
                        "labels",
                        Map.of("release", "kube-prometheus-stack"),
                        "annotations",
                        Map.of("pulumi.com/patchForce", "true")),
                monitor.get("metadata"));
        assertEquals(
                Map.of(
                        "selector",
                        Map.of("matchLabels", Map.of("app", "proxy")),
                        "podMetricsEndpoints",
                        List.of(Map.of(
                                "port",
                                "ops",
                                "path",
                                "/metrics",
                                "relabelings",
                                List.of(
                                        Map.of("targetLabel", "tenant", "replacement", "blue"),
                                        Map.of("targetLabel", "job", "replacement", "inference-api-proxy"))))),
                monitor.get("spec"));
    }

    @Test
    void podMonitorHasNoLabelsByDefault() {
        keys.put("monitoring", "true");
        run(false).throwOnError();
        assertFalse(((Map<?, ?>) engine.only(POD_MONITOR).inputs.get("metadata")).containsKey("labels"));
    }

    @Test
    void omitsPodMonitorByDefault() {
        run(false).throwOnError();
        assertFalse(engine.types().contains(POD_MONITOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void takeoverChecksEveryObjectThatTheStackDeclares(String enabled) {
        keys.put("monitoring", enabled);
        keys.put("networkPolicy", enabled);
        run(false).throwOnError();
        var objects = TenantObjects.of(ConfigFixtures.tenantConfig(keys));
        assertEquals(
                engine.declared().stream()
                        .filter(resource -> List.of(SECRET, POLICY, POD_MONITOR).contains(resource.type))
                        .map(resource -> resource.type + "::" + resource.name)
                        .sorted()
                        .toList(),
                objects.stream()
                        .map(object -> object.type() + "::" + object.name())
                        .sorted()
                        .toList());
    }

    @Test
    void omitsDisabledPolicy() {
        keys.put("networkPolicy", "false");
        run(false).throwOnError();
        assertFalse(engine.types().contains(POLICY));
    }

    @Test
    void readsHandoverStack() {
        shared.keySet().retainAll(List.of("inferenceApiUrl", "token-blue"));
        run(false).throwOnError();
        assertEquals(
                "aHVzaC1odXNo", ((Map<?, ?>) engine.only(SECRET).inputs.get("data")).get("remote-inference-api-token"));
    }

    @ParameterizedTest
    @MethodSource
    void reportsMissingOutputsBeforeDeclaringResources(Map<String, Object> changes, List<String> expected) {
        changes.forEach((name, value) -> {
            if (value.equals("-")) {
                shared.remove(name);
            } else {
                shared.put(name, value);
            }
        });
        assertRefused(run(false, new Problems()), expected);
    }

    static List<Arguments> reportsMissingOutputsBeforeDeclaringResources() {
        return List.of(
                Arguments.of(
                        Map.of("inferenceApiUrl", "-", "tenants", "-", "token-blue", "-"),
                        List.of(STACK, "the stack is not deployed", "pulumi up --stack " + STACK)),
                Arguments.of(
                        Map.of("tenants", List.of("green")),
                        List.of("shared-inference:tenant = \"blue\"", "[green]", "tenants[1]")),
                Arguments.of(
                        Map.of("token-blue", "-"),
                        List.of(STACK + ": token-blue", "secret output not found", "pulumi up --stack")),
                Arguments.of(Map.of("token-blue", " \n"), List.of("is blank", "pulumi up --stack")),
                Arguments.of(Map.of("token-blue", Map.of()), List.of("cannot be decrypted", "passphrase")));
    }

    @Test
    void reportsMissingSharedStackWithOtherProblems() {
        keys.put("sharedStack", "nowhere");
        keys.put("valuesFiles", "[\"missing.yaml\"]");
        var problems = new Problems();
        problems.add(new Problem("something", "was wrong before", "nothing"));
        assertRefused(
                run(false, problems),
                List.of(
                        "3 problems",
                        "organization/shared-inference/nowhere",
                        "unknown stack",
                        "pulumi up --stack",
                        "missing.yaml",
                        "was wrong before"));
    }

    static List<Arguments> previewsTenantWithoutTokenIfSharedStackDeclaresIt() {
        var before = new HashMap<String, Object>(
                Map.of("inferenceApiUrl", "https://inference-api.shared.example.com", "namespace", "pharia-ai-shared"));
        before.put("tenants", List.of("green"));
        return List.of(
                Arguments.of("listed, not deployed", STACK, before),
                Arguments.of("the stack is empty", STACK, Map.of()),
                Arguments.of("there is no stack", "organization/shared-inference/another", Map.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void previewsTenantWithoutTokenIfSharedStackDeclaresIt(String name, String deployed, Map<String, Object> outputs) {
        declareInSharedStack("[\"blue\", \"green\"]", Map.of());
        var result = engine.stack(deployed, outputs).run(true, deploy(new Problems()));
        result.throwOnError();
        assertNull(engine.only(SECRET).inputs.get("data"), "unknown, as one value in it is");
        assertEquals(Constants.UnknownValue, extracted(result).get("tokenFingerprint"));
    }

    @Test
    void updateRequiresToken() {
        declareInSharedStack("[\"blue\", \"green\"]", Map.of());
        shared.put("tenants", List.of("green"));
        shared.remove("token-blue");
        assertRefused(run(false), List.of("tenant is not listed in " + STACK, "pulumi up --stack " + STACK));
    }

    @Test
    void previewRequiresTokenWithoutTokenOutputs() {
        declareInSharedStack("[\"blue\", \"green\"]", Map.of("tokenOutputs", "false"));
        shared.remove("token-blue");
        assertRefused(run(true), List.of("token-blue", "hand-over stack"));
    }

    private void declareInSharedStack(String tenants, Map<String, String> more) {
        var config = ConfigFixtures.shared();
        config.put("tenants", tenants);
        config.putAll(more);
        source = Optional.of(ConfigFixtures.sharedConfig(config));
    }

    @Test
    void rejectsSharedNamespaceInSameCluster() {
        keys.put("sharedApiNamespace", "ingress");
        keys.put("namespace", "pharia-ai-shared");
        assertRefused(
                run(false, new Problems()),
                List.of("shared-inference:namespace = \"pharia-ai-shared\"", "shared installation"));
    }

    private void assertRefused(TestResult result, List<String> expected) {
        var message = result.exceptions().toString();
        assertAll(expected.stream().map(part -> () -> assertTrue(message.contains(part), part + " in:\n" + message)));
        assertFalse(message.contains("hush-hush"), message);
        assertTrue(
                engine.types().stream().allMatch(REFERENCE::equals),
                engine.types().toString());
    }

    @Test
    void declaresNamespaceMetadataAsPatch() {
        keys.putAll(Map.of("namespaceLabels", "{\"a/b\":\"c\"}", "namespaceAnnotations", "{\"d/e\":\"f g\"}"));
        run(false).throwOnError();
        assertEquals(
                Map.of("name", "blue"),
                engine.only("kubernetes:core/v1:Namespace").inputs.get("metadata"));
        assertEquals(
                Map.of("name", "blue", "labels", Map.of("a/b", "c"), "annotations", Map.of("d/e", "f g")),
                engine.only("kubernetes:core/v1:NamespacePatch").inputs.get("metadata"));
    }

    @Test
    void passesRepositoryCredentialsToRelease() {
        var settings = ConfigFixtures.settings(
                Map.of(
                        "role", "tenant",
                        "tenant", "blue",
                        "sharedStack", "shared",
                        "context", "blue-cluster",
                        "chart", "pharia-ai",
                        "chartRepository", "https://charts.example.com",
                        "chartRepositoryUsername", "me",
                        "chartRepositoryPassword", "hush-hush-hush",
                        "domain", "blue.example.com",
                        "proxyImage", "registry.example.com/proxy@sha256:" + "0".repeat(64)),
                "shared-inference:chartRepositoryPassword");
        var config = (TenantConfig) StackConfig.parse(settings, new Problems()).orElseThrow();
        engine.stack(STACK, shared)
                .run(
                        false,
                        ctx -> TenantStack.deploy(
                                ctx, config, checkout, source, (installation, values, status) -> {}, new Problems()))
                .throwOnError();
        assertEquals(
                Map.of("repo", "https://charts.example.com", "username", "me", "password", "hush-hush-hush"),
                engine.only(RELEASE).inputs.get("repositoryOpts"));
    }

    private TestResult run(boolean preview) {
        return run(preview, new Problems());
    }

    private TestResult run(boolean preview, Problems problems) {
        return engine.stack(STACK, shared).run(preview, deploy(problems));
    }

    private Consumer<Context> deploy(Problems problems) {
        return ctx -> TenantStack.deploy(
                ctx,
                ConfigFixtures.tenantConfig(keys),
                checkout,
                source,
                (installation, values, status) -> {},
                problems);
    }
}
