package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle of a shared installation and two tenants. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharingIT {

    private static final int SHARED_API = 31080;
    private static final int SHARED_IAM = 31081;
    private static final Map<String, Integer> TENANT_API = Map.of("blue", 31180, "green", 31280);
    private static final Map<String, Integer> TENANT_IAM = Map.of("blue", 31181, "green", 31281);

    private Sandbox sandbox;
    private Project project;

    @BeforeAll
    void configure(Sandbox running, @TempDir Path directory) {
        sandbox = running;
        project = new Project(running, directory.resolve("project"));
        configureShared(List.of("blue", "green"));
        configureTenant("blue");
        configureTenant("green");
    }

    private void configureShared(List<String> tenants) {
        configureShared(tenants, Map.of());
    }

    private void configureShared(List<String> tenants, Map<String, Object> changes) {
        var config = sandbox.config("shared");
        config.put("namespace", "e2e-shared");
        config.put("tenants", tenants);
        config.put("inferenceApiUrl", sandbox.url(SHARED_API));
        config.put("iamUrl", sandbox.url(SHARED_IAM));
        config.put("values", Installations.nodePorts("inference-api", SHARED_API));
        config.putAll(changes);
        project.configure("shared", config);
    }

    private void configureTenant(String tenant) {
        var config = sandbox.config("tenant1");
        config.put("tenant", tenant);
        config.put("namespace", "e2e-" + tenant);
        config.put("inferenceApiUrl", sandbox.url(TENANT_API.get(tenant)));
        config.put("iamUrl", sandbox.url(TENANT_IAM.get(tenant)));
        config.put("sharedApiNamespace", "e2e-shared");
        config.put("values", Installations.nodePorts("inference-api-proxy", TENANT_API.get(tenant)));
        project.configure(tenant, config);
    }

    @AfterAll
    void cleanUp() {
        Stream.of("blue", "green", "shared").forEach(project::destroy);
    }

    @Test
    @Order(1)
    void aTenantCannotBeDeployedBeforeTheSharedInstallation() {
        var message = project.up("blue").failed();
        assertTrue(message.contains("run pulumi up --stack organization/shared-inference/shared"), message);
        assertEquals(
                "",
                sandbox.kubectl("get namespace e2e-blue --ignore-not-found -o name")
                        .strip());
    }

    @Test
    @Order(2)
    void previewsWorkBeforeTheFirstUp() {
        project.preview("shared").succeeded();
    }

    @Test
    @Order(3)
    void theSharedStackExportsOneSecretTokenPerTenant() {
        project.up("shared").succeeded();
        for (var tenant : List.of("blue", "green")) {
            assertEquals("[secret]", outputs("shared").get("token-" + tenant).asText());
            assertEquals(
                    serviceToken(tenant),
                    secretOutputs("shared").get("token-" + tenant).asText());
        }
        assertEquals(
                sandbox.url(SHARED_API),
                outputs("shared").get("inferenceApiUrl").asText());
        assertEquals(sandbox.url(SHARED_IAM), outputs("shared").get("iamUrl").asText());
        assertEquals("e2e-shared", outputs("shared").get("namespace").asText());
    }

    @Test
    @Order(4)
    void aTenantsUserGetsAResponseFromTheSharedInference() {
        project.preview("blue").succeeded();
        project.up("blue").succeeded();
        var api = new TenantApi(outputs("blue").get("inferenceApiUrl").asText());
        var response = api.post(
                "/complete", userToken("blue", "alice"), """
                {"model": "%s", "prompt": "Hello", "maximum_tokens": 8}""".formatted(api.firstModel(userToken("blue", "alice"))));
        assertEquals(200, response.statusCode(), response.body());
        assertTrue(response.body().contains("Hello"), response.body());
    }

    @Test
    @Order(5)
    void eventsOfAStreamArriveOneByOne() {
        var api = new TenantApi(sandbox.url(TENANT_API.get("blue")));
        var stream = api.streamChat(userToken("blue", "alice"), 5, 300);
        assertEquals("data: [DONE]", stream.last());
        assertTrue(stream.spread().toMillis() > 600, "all events came within " + stream.spread());
    }

    @Test
    @Order(6)
    void onlyVersionNeedsNoToken() {
        var api = new TenantApi(sandbox.url(TENANT_API.get("blue")));
        assertTrue(api.get("/version", "").body().matches("\\d+\\.\\d+\\.\\d+.*"));
        assertEquals(401, api.get("/model-settings", "").statusCode());
        assertEquals(401, api.get("/model-settings", "no-such-token").statusCode());
    }

    @Test
    @Order(7)
    void theSharedApiReceivesOnlyTheTenantsToken() {
        var log = sandbox.kubectl("-n e2e-shared logs deployment/inference-api");
        assertTrue(log.contains("blue"), "the log does not contain the service user:\n" + log);
        assertFalse(log.contains("alice"), "the log contains the tenant's user:\n" + log);
    }

    @Test
    @Order(8)
    void aSecondTenantHasItsOwnNamespaceAndUsers() {
        project.up("green").succeeded();
        var green = new TenantApi(sandbox.url(TENANT_API.get("green")));
        assertEquals(
                200, green.get("/model-settings", userToken("green", "alice")).statusCode());
        assertEquals(
                401, green.get("/model-settings", userToken("blue", "alice")).statusCode());
        assertFalse(secretOutputs("green")
                .get("tokenFingerprint")
                .equals(secretOutputs("blue").get("tokenFingerprint")));
    }

    @Test
    @Order(9)
    void unlistedTenantsAndNamespacesOfOthersAreRejected() {
        refused("red", config -> {}, "tenant is not listed in organization/shared-inference/shared", "blue, green");
        refused("blue", config -> config.put("namespace", "e2e-green"), "e2e-green", "Pulumi.green.yaml");
        refused("blue", config -> config.put("namespace", "e2e-shared"), "e2e-shared", "Pulumi.shared.yaml");
    }

    private void refused(String tenant, Consumer<Map<String, Object>> change, String... named) {
        var config = sandbox.config("tenant1");
        config.put("tenant", tenant);
        config.put("namespace", "e2e-" + tenant + "-refused");
        change.accept(config);
        project.configure("refused", config);
        var before = sandbox.kubectl("get namespaces,secrets -A -o name");
        var message = project.up("refused").failed();
        assertAll(
                Arrays.stream(named).map(part -> () -> assertTrue(message.contains(part), part + " in:\n" + message)));
        assertEquals(before, sandbox.kubectl("get namespaces,secrets -A -o name"));
        project.pulumi("stack", "rm", "--force", "--yes", "refused").succeeded();
    }

    @Test
    @Order(10)
    void verifyReportsTheFailedHop() {
        var verified = verify("blue", userToken("blue", "alice"));
        assertTrue(verified.succeeded().contains("blue is verified"), verified.output());
        assertTrue(verify("blue", "no-such-token").failed().contains("IAM"));
    }

    @Test
    @Order(11)
    void repeatedRunsChangeNothing() {
        for (var stack : List.of("shared", "blue", "green")) {
            project.previewWithoutChanges(stack).succeeded();
            project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack)
                    .succeeded();
            project.pulumi("refresh", "--yes", "--expect-no-changes", "--stack", stack)
                    .succeeded();
        }
    }

    @Test
    @Order(12)
    void theProxyImageIsPinnedByDigest() {
        var image = outputs("blue").get("proxyImage").asText();
        assertTrue(image.matches(".+@sha256:[0-9a-f]{64}"), image);
        assertEquals(image, outputs("green").get("proxyImage").asText());
        var running = sandbox.kubectl("-n e2e-blue get pods -l app.kubernetes.io/name=inference-api-proxy"
                + " -o jsonpath={.items[*].status.containerStatuses[0].imageID}");
        assertTrue(running.contains(image.substring(image.indexOf('@'))), running);
    }

    @Test
    @Order(13)
    void noTokenIsLeaked() {
        var serviceTokens = List.of(serviceToken("blue"), serviceToken("green"));
        var userTokens = List.of(userToken("blue", "alice"), userToken("green", "alice"));
        var search = new TokenSearch(
                sandbox,
                Stream.of(serviceTokens, userTokens).flatMap(List::stream).toList());
        search.inDirectory(project.directory());
        search.inText("what pulumi printed", project.transcript());
        search.inPods(List.of("e2e-shared", "e2e-blue", "e2e-green"));
        search.inProcesses();
        search.inImage(outputs("blue").get("proxyImage").asText());
        assertEquals(List.of(), search.findings());
        // without the users' tokens, which the stand-in chart renders itself
        var releases = new TokenSearch(sandbox, serviceTokens);
        releases.inReleases(List.of("e2e-blue", "e2e-green"));
        assertEquals(List.of(), releases.findings());
    }

    @Test
    @Order(14)
    void changesThatDisconnectTenantsAreRejected() {
        var before = sandbox.kubectl("get namespaces,secrets,deployments -A -o name");
        configureShared(List.of("blue"));
        assertTrue(project.up("shared").failed().contains("tenant green is not listed"), project.transcript());
        configureShared(List.of("blue", "green"), Map.of("protect", false));
        assertTrue(project.up("shared").failed().contains("must be true while there are tenants"));
        configureShared(List.of("blue", "green"));
        for (var stack : List.of("shared", "blue")) {
            var refused = project.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack);
            assertTrue(refused.failed().contains("protected"), refused.output());
        }
        assertEquals(before, sandbox.kubectl("get namespaces,secrets,deployments -A -o name"));
    }

    @Test
    @Order(15)
    void theTokenOfARemovedTenantIsRevoked() {
        var token = serviceToken("green");
        project.destroy("green").succeeded();
        configureShared(List.of("blue"));
        project.up("shared").succeeded();
        var shared = new TenantApi(sandbox.url(SHARED_API));
        shared.awaitStatus("/model-settings", token, 401); // the old IAM's pod terminates after the rollout
        assertEquals(200, shared.get("/model-settings", serviceToken("blue")).statusCode());
    }

    @Test
    @Order(16)
    void destroyRemovesAllNamespaces() {
        project.destroy("blue").succeeded();
        project.destroy("shared").succeeded();
        var remaining = sandbox.kubectl("get namespaces -o name")
                .lines()
                .filter(name -> name.contains("e2e-"))
                .toList();
        assertEquals(List.of(), remaining);
        for (var stack : List.of("shared", "blue", "green")) {
            project.pulumi("stack", "rm", "--yes", stack).succeeded();
        }
    }

    private String serviceToken(String tenant) {
        return sandbox.secret("e2e-shared", "pharia-iam-service-user-" + tenant, "token");
    }

    private String userToken(String tenant, String user) {
        return sandbox.secret("e2e-" + tenant, "pharia-iam-user-" + user, "token");
    }

    private Outcome verify(String tenant, String token) {
        return project.sandbox()
                .with(Map.of("TENANT_USER_TOKEN", token))
                .run("./tenant", "verify", tenant, "--cwd", project.directory().toString());
    }

    private JsonNode outputs(String stack) {
        return json(
                project.pulumi("stack", "output", "--json", "--stack", stack).succeeded());
    }

    /** Not added to the project's transcript, which is searched for tokens. */
    private JsonNode secretOutputs(String stack) {
        var command = "pulumi --cwd " + project.directory() + " stack output --json --show-secrets --stack " + stack;
        return json(project.sandbox().run(command.split(" ")).succeeded());
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
