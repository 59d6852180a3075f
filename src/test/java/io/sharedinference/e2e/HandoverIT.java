package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tenants with other operators, each with their own passphrase for the state. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandoverIT {

    private Sandbox sandbox;
    private Installations installations;
    private Project project;
    private Project blue;
    private Project green;

    @BeforeAll
    void deploy(Sandbox running, @TempDir Path directory) {
        sandbox = running;
        installations = new Installations(running, "handover", 31380);
        project = new Project(running, directory.resolve("project"));
        blue = project.withPassphrase("blue's");
        green = project.withPassphrase("green's");
        configureShared("blue", "green");
        project.up("shared").succeeded();
        deployHandover(blue, "blue");
        deployHandover(green, "green");
        configureTenant();
        blue.up("blue").succeeded();
    }

    private void configureShared(String... tenants) {
        var config = installations.shared(tenants);
        config.put("tokenOutputs", false);
        project.configure("shared", config);
    }

    private void deployHandover(Project owner, String tenant) {
        configureHandover(owner, tenant);
        owner.up("handover-" + tenant).succeeded();
    }

    private void configureHandover(Project owner, String tenant) {
        owner.configure("handover-" + tenant, installations.handover(tenant));
    }

    private void configureTenant() {
        var config = installations.blue("1s");
        config.put("sharedStack", "handover-blue");
        blue.configure("blue", config);
    }

    @AfterAll
    void cleanUp() {
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
    void noStateContainsAnotherTenantsToken() {
        var others = new TokenSearch(sandbox, List.of(token("green")));
        others.inText("blue", decrypted(blue, "blue"));
        others.inText("handover-blue", decrypted(blue, "handover-blue"));
        others.inDirectory(project.directory());
        assertEquals(List.of(), others.findings());
        var all = new TokenSearch(sandbox, List.of(token("green"), token("blue")));
        all.inText("shared", decrypted(project, "shared"));
        assertEquals(List.of(), all.findings());
    }

    @Test
    void theSearchFindsTheTenantsToken() {
        var search = new TokenSearch(sandbox, List.of(token("blue")));
        search.inText("blue", decrypted(blue, "blue"));
        search.inText("handover-blue", decrypted(blue, "handover-blue"));
        assertTrue(
                search.findings().containsAll(List.of("blue", "handover-blue")),
                search.findings().toString());
    }

    @Test
    void aTenantsPassphraseDecryptsNoOtherState() {
        // with a wrong passphrase the CLI does not fail: it shows null for secrets
        var others = new TokenSearch(sandbox, List.of(token("green")));
        others.inText("handover-green", decrypted(blue, "handover-green"));
        assertEquals(List.of(), others.findings());
    }

    @Test
    void aHandoverIsPreviewedBeforeItsTokenExists() {
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

    /** The state with decrypted secrets, not added to the transcript. */
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
