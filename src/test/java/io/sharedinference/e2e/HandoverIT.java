package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tenants that other people administer, each with a key of their own to the state. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandoverIT {

    private static final int SHARED_API = 31380;
    private static final int SHARED_IAM = 31381;
    private static final int TENANT_API = 31480;
    private static final int TENANT_IAM = 31481;

    private Sandbox sandbox;
    private Project project;
    private Project blue;
    private Project green;

    @BeforeAll
    void deploy(Sandbox running, @TempDir Path directory) {
        sandbox = running;
        project = new Project(running, directory.resolve("project"));
        blue = project.withPassphrase("blue's");
        green = project.withPassphrase("green's");
        configureShared("blue", "green");
        project.up("shared").succeeded();
        handOver(blue, "blue");
        handOver(green, "green");
        configureTenant();
        blue.up("blue").succeeded();
    }

    private void configureShared(String... tenants) {
        var config = sandbox.config("shared");
        config.put("namespace", "handover-shared");
        config.put("tenants", List.of(tenants));
        config.put("tokenOutputs", false);
        config.put("inferenceApiUrl", sandbox.url(SHARED_API));
        config.put("iamUrl", sandbox.url(SHARED_IAM));
        config.put("values", nodePorts("inference-api", SHARED_API, SHARED_IAM));
        project.configure("shared", config);
    }

    private void handOver(Project owner, String tenant) {
        configureHandover(owner, tenant);
        owner.up("handover-" + tenant).succeeded();
    }

    private void configureHandover(Project owner, String tenant) {
        owner.configure(
                "handover-" + tenant,
                Map.of(
                        "role",
                        "handover",
                        "context",
                        sandbox.config("shared").get("context"),
                        "namespace",
                        "handover-shared",
                        "tenant",
                        tenant,
                        "inferenceApiUrl",
                        sandbox.url(SHARED_API)));
    }

    private void configureTenant() {
        var config = sandbox.config("tenant1");
        config.put("tenant", "blue");
        config.put("namespace", "handover-blue");
        config.put("sharedStack", "handover-blue");
        config.put("sharedApiNamespace", "handover-shared");
        config.put("inferenceApiUrl", sandbox.url(TENANT_API));
        config.put("iamUrl", sandbox.url(TENANT_IAM));
        config.put("values", nodePorts("inference-api-proxy", TENANT_API, TENANT_IAM));
        blue.configure("blue", config);
    }

    /** The sandbox's own installations have theirs. */
    private static Map<String, Object> nodePorts(String service, int api, int iam) {
        return Map.of(
                service,
                Map.of("service", Map.of("nodePort", api)),
                "pharia-iam",
                Map.of("service", Map.of("nodePort", iam)));
    }

    @AfterAll
    void clearAway() {
        List.of("blue", "handover-blue").forEach(blue::destroy);
        green.destroy("handover-green");
        project.destroy("shared");
    }

    @Test
    void theTenantHasItsOwnToken() {
        assertEquals(
                token("blue"),
                sandbox.secret("handover-blue", "inference-api-proxy-secret", "remote-inference-api-token"));
    }

    @Test
    void noStateHoldsAnotherTenantsTokenInAnyForm() {
        var others = new TokenSearch(sandbox, List.of(token("green")));
        others.inText("blue", decrypted(blue, "blue"));
        others.inText("handover-blue", decrypted(blue, "handover-blue"));
        others.inDirectory(project.directory());
        assertEquals(List.of(), others.findings());
        var any = new TokenSearch(sandbox, List.of(token("green"), token("blue")));
        any.inText("shared", decrypted(project, "shared"));
        assertEquals(List.of(), any.findings());
    }

    @Test
    void theSearchWouldFindOne() {
        var own = new TokenSearch(sandbox, List.of(token("blue")));
        own.inText("blue", decrypted(blue, "blue"));
        own.inText("handover-blue", decrypted(blue, "handover-blue"));
        assertTrue(
                own.findings().containsAll(List.of("blue", "handover-blue")),
                own.findings().toString());
    }

    @Test
    void aTenantsKeyOpensNoOtherState() {
        // the CLI does not fail with a wrong key: it shows null where it cannot decrypt
        var others = new TokenSearch(sandbox, List.of(token("green")));
        others.inText("handover-green", decrypted(blue, "handover-green"));
        assertEquals(List.of(), others.findings());
    }

    @Test
    void aHandOverIsPreviewedBeforeItsTokenIsMade() {
        configureHandover(project, "yellow");
        var unlisted = project.preview("handover-yellow").failed();
        assertTrue(
                unlisted.contains("pharia-iam-service-user-yellow") && unlisted.contains("not found in the cluster"),
                unlisted);
        configureShared("blue", "green", "yellow");
        var listed = project.preview("handover-yellow").succeeded();
        configureShared("blue", "green");
        assertTrue(listed.contains("does not exist yet"), listed);
        project.pulumi("stack", "rm", "--yes", "handover-yellow").succeeded();
    }

    /** Not through the project's own transcript: this is all that the key opens. */
    private String decrypted(Project owner, String stack) {
        return owner.sandbox()
                .run(
                        "pulumi",
                        "--cwd",
                        owner.directory().toString(),
                        "stack",
                        "export",
                        "--show-secrets",
                        "--stack",
                        stack)
                .succeeded();
    }

    private String token(String tenant) {
        return sandbox.secret("handover-shared", "pharia-iam-service-user-" + tenant, "token");
    }
}
