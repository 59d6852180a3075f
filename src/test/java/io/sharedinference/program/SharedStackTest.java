package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.Context;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestResult;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SiblingStacks.Dependent;
import io.sharedinference.project.StackName;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The role's whole program, on an engine that only writes down. */
class SharedStackTest {

    private static final String RELEASE = "kubernetes:helm.sh/v3:Release";

    @TempDir
    Path checkout;

    private final Map<String, String> keys = ConfigFixtures.shared();
    private final List<Dependent> dependents = new ArrayList<>();
    private final FakeEngine engine = new FakeEngine();
    private final List<List<String>> asked = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void declaresInstallationAndReadsTokens(boolean preview) {
        keys.put("tenants", "[\"blue\",\"green\"]");
        run(preview).throwOnError();
        assertEquals(
                List.of(
                        "shared-inference:release:Installation",
                        "pulumi:providers:kubernetes",
                        "kubernetes:core/v1:Namespace",
                        RELEASE),
                engine.types());
        assertEquals(List.of(List.of("blue", "green")), asked, "all at once");
    }

    @Test
    void declaresAtomicRelease() {
        keys.put("chartVersion", "1.2.3");
        run(false).throwOnError();
        var release = engine.only(RELEASE).inputs;
        assertEquals("pharia-ai", release.get("name"));
        assertEquals("pharia-ai-shared", release.get("namespace"));
        assertEquals("oci://registry.example.com/pharia-ai", release.get("chart"));
        assertEquals("1.2.3", release.get("version"));
        assertEquals(true, release.get("atomic"));
        assertEquals(true, release.get("waitForJobs"));
        assertEquals(5.0, release.get("maxHistory"));
        assertEquals(600.0, release.get("timeout"));
    }

    @ParameterizedTest
    @ValueSource(strings = {ConfigFixtures.CA, ConfigFixtures.EXPIRED_CA})
    void exportsCa(String pem) {
        keys.put("inferenceApiCa", pem);
        assertEquals(pem, PulumiTest.extractValue(run(false).throwOnError().output("inferenceApiCa")));
    }

    @Test
    void allResourcesUseExplicitProvider() {
        keys.put("kubeconfig", "some/kubeconfig");
        keys.put("tenants", "[\"blue\"]");
        run(false).throwOnError();
        assertEquals(
                Map.of(
                        "context",
                        "gpu",
                        "kubeconfig",
                        "some/kubeconfig",
                        "enableServerSideApply",
                        "true",
                        "enableSecretMutable",
                        "true",
                        "kubeClientSettings",
                        "{\"burst\":1000,\"qps\":500}"),
                engine.only("pulumi:providers:kubernetes").inputs);
        engine.declared().stream()
                .filter(resource -> resource.type.startsWith("kubernetes:"))
                .forEach(resource ->
                        assertTrue(resource.provider.contains("::cluster::"), resource.type + " " + resource.provider));
    }

    @Test
    void omitsKubeconfigUnlessConfigured() {
        run(false).throwOnError();
        assertFalse(engine.only("pulumi:providers:kubernetes").inputs.containsKey("kubeconfig"));
    }

    @Test
    void exportsOnlyTokensAsSecrets() {
        keys.put("tenants", "[\"blue\"]");
        var result = run(false).throwOnError();
        assertEquals(
                List.of("iamUrl", "inferenceApiUrl", "namespace", "serviceUsers", "tenants", "token-blue"),
                result.outputs().keySet().stream().sorted().toList());
        assertEquals(
                "https://inference-api.shared.example.com", PulumiTest.extractValue(result.output("inferenceApiUrl")));
        assertEquals(List.of("blue"), PulumiTest.extractValue(result.output("tenants")));
        assertEquals("token of blue", PulumiTest.extractValue(result.output("token-blue")));
        assertEquals(
                List.of("token-blue"),
                result.outputs().entrySet().stream()
                        .filter(output -> com.pulumi.core.internal.Internal.of(output.getValue())
                                .isSecret()
                                .join())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    @Test
    void exportsTokenOfNewServiceUserDuringRotation() {
        keys.put("tenants", "[\"blue\"]");
        keys.put("serviceUsers", "{\"blue\":[\"blue\",\"blue-2\"]}");
        var result = run(false).throwOnError();
        assertEquals("token of blue-2", PulumiTest.extractValue(result.output("token-blue")));
        assertEquals(List.of("blue"), PulumiTest.extractValue(result.output("tenants")));
        assertEquals(Map.of("blue", List.of("blue", "blue-2")), PulumiTest.extractValue(result.output("serviceUsers")));
    }

    @Test
    void rejectsFormerServiceUserInValues() {
        keys.put("tenants", "[\"blue\"]");
        keys.put("serviceUsers", "{\"blue\":[\"blue-2\"]}");
        keys.put("values", "{\"pharia-iam\":{\"config\":{\"serviceUsers\":{\"blue\":{},\"blue-2\":{},\"mine\":{}}}}}");
        var message = run(false).exceptions().toString();
        assertTrue(
                message.contains("1 problem.") && message.contains("pharia-iam.config.serviceUsers.blue: "), message);
        assertEquals(List.of(), engine.types());
    }

    @Test
    void exportsNoTokensWithHandoverStacks() {
        keys.put("tenants", "[\"blue\"]");
        keys.put("tokenOutputs", "false");
        var result = run(false).throwOnError();
        assertFalse(result.outputs().containsKey("token-blue"));
        assertEquals(List.of(), asked);
    }

    @Test
    void passesEmptyListsToChart() {
        keys.put("values", "{\"a\":[]}");
        run(false).throwOnError();
        var inputs = engine.only(RELEASE).inputs;
        assertEquals(true, inputs.get("allowNullValues"), "without, the plugin drops them");
        assertEquals(List.of(), ((Map<?, ?>) inputs.get("values")).get("a"));
    }

    @Test
    void editedLocalChartChangesRelease() throws IOException {
        keys.put("chart", "chart");
        Files.createDirectories(checkout.resolve("chart/templates"));
        var template = Files.writeString(checkout.resolve("chart/templates/a.yaml"), "a: 1\n");
        Files.writeString(checkout.resolve("chart/Chart.yaml"), "name: a\n");
        assertEquals(description(), description());
        var before = description();
        Files.writeString(template, "a: 2\n");
        assertFalse(before.equals(description()), before);
    }

    private String description() {
        var fresh = new FakeEngine();
        fresh.run(true, ctx -> deploy(ctx, new Problems())).throwOnError();
        return (String) fresh.only(RELEASE).inputs.get("description");
    }

    @Test
    void reportsInvalidValuesBeforeDeclaringResources() throws IOException {
        Files.writeString(checkout.resolve("off.yaml"), "global: {inference: {enabled: false}}\n");
        keys.put("valuesFiles", "[\"off.yaml\",\"missing.yaml\"]");
        var problems = new Problems();
        problems.add(new Problem("something", "was wrong before", "nothing"));
        var result = run(false, problems);
        var message = result.exceptions().toString();
        assertTrue(
                message.contains("3 problems")
                        && message.contains("off.yaml: global.inference.enabled")
                        && message.contains("missing.yaml")
                        && message.contains("was wrong before"),
                message);
        assertEquals(List.of(), engine.types());
    }

    @Test
    void rejectsRemovalOfTenantWithStack() {
        engine.stack("organization/shared-inference/blue", Map.of("urn:…", Map.of("type", RELEASE)));
        engine.stack("organization/shared-inference/destroyed", Map.of());
        for (var tenant : List.of("blue", "destroyed", "removed")) {
            dependents.add(new Dependent(new StackName("organization", "shared-inference", tenant), tenant));
        }
        var message = run(true).exceptions().toString();
        assertTrue(
                message.contains("1 problem.")
                        && message.contains("tenants = \"[]\"")
                        && message.contains("tenant blue"),
                message);
        assertEquals(List.of(), engine.types());
        keys.put("force", "true");
        run(true).throwOnError();
    }

    @Test
    void rejectsRemovalOfTenantWithoutStackFile() {
        engine.stack("organization/shared-inference/mine", Map.of("tenants", List.of("blue", "removed")));
        engine.stack("organization/shared-inference/blue", Map.of("urn:…", Map.of("type", RELEASE)));
        var message = run(true).exceptions().toString();
        assertTrue(message.contains("1 problem.") && message.contains("./tenant remove"), message);
    }

    @Test
    void skipsLookupOfListedTenants() {
        keys.put("tenants", "[\"blue\"]");
        engine.stack("organization/shared-inference/blue", Map.of("urn:…", Map.of("type", RELEASE)));
        dependents.add(new Dependent(new StackName("organization", "shared-inference", "blue"), "blue"));
        run(true).throwOnError();
    }

    @Test
    void rejectsUnprotectingWithTenants() {
        keys.put("tenants", "[\"blue\"]");
        keys.put("protect", "false");
        var message = run(true).exceptions().toString();
        assertTrue(message.contains("shared-inference:protect = \"false\"") && message.contains("[blue]"), message);
        assertEquals(List.of(), engine.types());
        keys.put("force", "true");
        run(true).throwOnError();
    }

    private TestResult run(boolean preview) {
        return run(preview, new Problems());
    }

    private TestResult run(boolean preview, Problems problems) {
        return engine.run(preview, ctx -> deploy(ctx, problems));
    }

    private void deploy(Context ctx, Problems problems) {
        SharedStack.deploy(
                ctx,
                ConfigFixtures.sharedConfig(keys),
                checkout,
                dependents,
                this::tokens,
                (installation, values, status) -> {},
                problems);
    }

    private Map<String, Token> tokens(List<String> serviceUsers) {
        asked.add(serviceUsers);
        return serviceUsers.stream().collect(Collectors.toMap(user -> user, user -> Token.of("token of " + user)));
    }
}
