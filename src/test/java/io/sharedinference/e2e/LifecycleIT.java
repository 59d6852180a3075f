package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A tenant's whole life, one command for each part of it. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LifecycleIT {

    private Lives lives;

    @BeforeAll
    void begin(Sandbox sandbox, @TempDir Path folder) {
        lives = new Lives(sandbox, folder, "life", 31880, false);
        lives.begin();
    }

    @AfterAll
    void end() {
        lives.end();
    }

    @Test
    @Order(1)
    void nothingIsDoneWithoutAYes() {
        var asked = new ArrayList<>(lives.addition());
        asked.remove("--yes");
        assertTrue(lives.tenant(asked).failed().contains("--yes"));
        assertFalse(lives.hasNamespace());
        assertEquals(List.of(), lives.serviceUsers());
    }

    @Test
    @Order(2)
    void addingATenantIsOneCommand() {
        lives.tenant(lives.addition()).succeeded();
        assertEquals(
                200, lives.proxy().get("/model-settings", lives.userToken()).statusCode());
        var verified = lives.project()
                .sandbox()
                .with(Map.of("TENANT_USER_TOKEN", lives.userToken()))
                .run(
                        "./tenant",
                        "verify",
                        Lives.TENANT,
                        "--cwd",
                        lives.project().folder().toString());
        assertTrue(verified.succeeded().contains("blue is verified"), verified.output());
    }

    @Test
    @Order(3)
    void theListTellsHowItDoes() throws Exception {
        var listed = lives.tenant(List.of(
                "./tenant", "list", "--json", "--cwd", lives.project().folder().toString()));
        var blue = new ObjectMapper().readTree(listed.succeeded()).at("/tenants/0");
        assertEquals("blue", blue.path("tenant").asText(), listed.output());
        assertEquals(lives.namespace(), blue.path("namespace").asText());
        assertEquals("ok", blue.path("health").asText());
        assertEquals("none", blue.path("drift").asText());
        assertEquals(3, blue.path("models").asInt());
        assertEquals(0, blue.path("tokenDays").asInt());
        assertTrue(blue.path("image").asText().contains("@sha256:"), listed.output());
        aDeletedSecretIsMissed();
    }

    /** The proxies' mounted files stay, so users notice nothing. */
    private void aDeletedSecretIsMissed() {
        var folder = lives.project().folder().toString();
        lives.project()
                .sandbox()
                .kubectl("-n " + lives.namespace() + " delete secret inference-api-proxy-secret --wait=true");
        var listed = lives.tenant(List.of("./tenant", "list", Lives.TENANT, "--no-drift", "--cwd", folder));
        assertTrue(listed.succeeded().contains("inference-api-proxy-secret does not exist"), listed.output());
        var verified = lives.tenant(List.of("./tenant", "verify", Lives.TENANT, "--cwd", folder));
        assertEquals(1, verified.exit(), verified.output());
        lives.project()
                .pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", Lives.TENANT)
                .succeeded();
        listed = lives.tenant(List.of("./tenant", "list", Lives.TENANT, "--no-drift", "--cwd", folder));
        assertFalse(listed.succeeded().contains("is gone"), listed.output());
    }

    @Test
    @Order(4)
    void aRotationFailsNoRequestAndEndsTheOldToken() throws Exception {
        String user = lives.userToken();
        String old = lives.token();
        Outcome rotated;
        Load load = Load.of(lives.proxy(), user, 2);
        try {
            rotated = lives.tenant(lives.rotation());
        } finally {
            load.stop();
        }
        rotated.succeeded();
        assertEquals(List.of(), load.failures());
        assertTrue(load.answers() > 100, "only " + load.answers() + " requests");
        assertNotEquals(old, lives.token());
        assertEquals(401, lives.shared().get("/model-settings", old).statusCode());
        assertEquals(200, lives.shared().get("/model-settings", lives.token()).statusCode());
        assertEquals(List.of("pharia-iam-service-user-blue-2"), lives.serviceUsers());
        assertFalse(rotated.output().contains(old) || rotated.output().contains(lives.token()));
        lives.project().previewWithoutChanges(Lives.TENANT).succeeded();
    }

    @Test
    @Order(5)
    void aRemovedTenantsTokenIsRefused() {
        String old = lives.token();
        var removed = lives.tenant(lives.removal()).succeeded();
        assertTrue(removed.contains("1 token is rejected with 401"), removed);
        assertEquals(401, lives.shared().get("/model-settings", old).statusCode());
        assertEquals(List.of(), lives.serviceUsers());
        assertFalse(lives.hasNamespace());
        var again = lives.tenant(lives.removal());
        assertEquals(2, again.exit(), again.output());
        assertTrue(again.output().contains("tenant blue not found"), again.output());
    }
}
