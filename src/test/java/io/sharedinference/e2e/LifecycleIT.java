package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The tenant lifecycle, one command per step. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LifecycleIT {

    private LifecycleFixture fixture;

    @BeforeAll
    void begin(Sandbox sandbox, @TempDir Path directory) {
        fixture = new LifecycleFixture(sandbox, directory, "life", 31880, false);
        fixture.begin();
    }

    @AfterAll
    void end() {
        fixture.end();
    }

    @Test
    @Order(1)
    void withoutConfirmationNothingIsChanged() {
        var command = new ArrayList<>(fixture.addition());
        command.remove("--yes");
        assertTrue(fixture.tenant(command).failed().contains("--yes"));
        assertFalse(fixture.hasNamespace());
        assertEquals(List.of(), fixture.serviceUsers());
    }

    @Test
    @Order(2)
    void addDeploysATenant() {
        fixture.tenant(fixture.addition()).succeeded();
        assertEquals(
                200, fixture.proxy().get("/model-settings", fixture.userToken()).statusCode());
        var verified = fixture.tenantAsUser("verify");
        assertTrue(verified.succeeded().contains("blue is verified"), verified.output());
    }

    @Test
    @Order(3)
    void listShowsTheTenantsStatus() throws Exception {
        var listed = fixture.tenant(List.of(
                "./tenant",
                "list",
                "--json",
                "--cwd",
                fixture.project().directory().toString()));
        var blue = new ObjectMapper().readTree(listed.succeeded()).at("/tenants/0");
        assertEquals("blue", blue.path("tenant").asText(), listed.output());
        assertEquals(fixture.namespace(), blue.path("namespace").asText());
        assertEquals("ok", blue.path("health").asText());
        assertEquals("none", blue.path("drift").asText());
        assertEquals(3, blue.path("models").asInt());
        assertEquals(0, blue.path("tokenDays").asInt());
        assertTrue(blue.path("image").asText().contains("@sha256:"), listed.output());
        assertADeletedSecretIsReported();
    }

    /** Running proxies keep their mounted files, so no request fails. */
    private void assertADeletedSecretIsReported() {
        var directory = fixture.project().directory().toString();
        fixture.project()
                .sandbox()
                .kubectl("-n " + fixture.namespace() + " delete secret inference-api-proxy-secret --wait=true");
        var listed =
                fixture.tenant(List.of("./tenant", "list", LifecycleFixture.TENANT, "--no-drift", "--cwd", directory));
        assertTrue(listed.succeeded().contains("inference-api-proxy-secret does not exist"), listed.output());
        var verified = fixture.tenant(List.of("./tenant", "verify", LifecycleFixture.TENANT, "--cwd", directory));
        assertEquals(1, verified.exit(), verified.output());
        fixture.project()
                .pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", LifecycleFixture.TENANT)
                .succeeded();
        listed = fixture.tenant(List.of("./tenant", "list", LifecycleFixture.TENANT, "--no-drift", "--cwd", directory));
        assertFalse(listed.succeeded().contains("is gone"), listed.output());
    }

    @Test
    @Order(4)
    void aRotationFailsNoRequestAndRevokesTheOldToken() throws Exception {
        String user = fixture.userToken();
        String old = fixture.token();
        Outcome rotated;
        Load load = Load.of(fixture.proxy(), user, 2);
        try {
            rotated = fixture.tenant(fixture.rotation());
        } finally {
            load.stop();
        }
        rotated.succeeded();
        assertEquals(List.of(), load.failures());
        assertTrue(load.responses() > 100, "only " + load.responses() + " requests");
        assertNotEquals(old, fixture.token());
        assertEquals(401, fixture.shared().get("/model-settings", old).statusCode());
        assertEquals(
                200, fixture.shared().get("/model-settings", fixture.token()).statusCode());
        assertEquals(List.of("pharia-iam-service-user-blue-2"), fixture.serviceUsers());
        assertFalse(rotated.output().contains(old) || rotated.output().contains(fixture.token()));
        fixture.project().previewWithoutChanges(LifecycleFixture.TENANT).succeeded();
    }

    @Test
    @Order(5)
    void olderThanRotatesTokensByTheirAge() {
        var old = fixture.token();
        assertTrue(olderThan("1d").contains("0 of 0 tokens older than 1 days were rotated"));
        assertEquals(old, fixture.token());
        assertTrue(olderThan("0d").contains("1 of 1 tokens older than 0 days were rotated"));
        assertNotEquals(old, fixture.token());
        assertEquals(401, fixture.shared().get("/model-settings", old).statusCode());
    }

    private String olderThan(String days) {
        var directory = fixture.project().directory().toString();
        return fixture.tenant(List.of("./tenant", "rotate", "--older-than", days, "--yes", "--cwd", directory))
                .succeeded();
    }

    @Test
    @Order(6)
    void theTokenOfARemovedTenantIsRejected() {
        String old = fixture.token();
        var removed = fixture.tenant(fixture.removal()).succeeded();
        assertTrue(removed.contains("1 token is rejected with 401"), removed);
        assertEquals(401, fixture.shared().get("/model-settings", old).statusCode());
        assertEquals(List.of(), fixture.serviceUsers());
        assertFalse(fixture.hasNamespace());
        var again = fixture.tenant(fixture.removal());
        assertEquals(2, again.exit(), again.output());
        assertTrue(again.output().contains("tenant blue not found"), again.output());
    }
}
