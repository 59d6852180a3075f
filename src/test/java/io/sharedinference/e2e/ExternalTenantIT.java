package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A tenant whose stack is in another project: this project has only its hand-over stack. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalTenantIT {

    private static final String HANDOVER = "handover-blue";

    private Sandbox sandbox;
    private LifecycleFixture fixture;

    @BeforeAll
    void begin(Sandbox running, @TempDir Path directory) {
        sandbox = running;
        fixture = new LifecycleFixture(running, directory, "others", 32180, true);
        fixture.begin();
        fixture.project()
                .pulumi(
                        "config",
                        "set",
                        "--path",
                        "shared-inference:tenants[0]",
                        LifecycleFixture.TENANT,
                        "--stack",
                        "shared")
                .succeeded();
        fixture.project().up("shared").succeeded();
        fixture.project().configure(HANDOVER, handoverConfig());
        fixture.project().up(HANDOVER).succeeded();
    }

    private Map<String, Object> handoverConfig() {
        return Installations.handover(sandbox, "others-shared", LifecycleFixture.TENANT, sandbox.url(32180));
    }

    @AfterAll
    void end() {
        fixture.end();
    }

    @Test
    void oldTokenIsRevokedWhenTheProxiesReportTheNewFingerprint() {
        String first = token("blue");
        String stopped = fixture.tenant(fixture.rotation()).failed();
        assertTrue(stopped.contains("have the tenant's operators run pulumi up"), stopped);
        String second = token("blue-2");
        assertTrue(handover().contains(second));
        assertEquals(200, status(first));
        assertEquals(200, status(second));

        fixture.tenant(rotation("0123456789abcdef")).failed();
        assertEquals(200, status(first));
        assertEquals(List.of("pharia-iam-service-user-blue", "pharia-iam-service-user-blue-2"), fixture.serviceUsers());

        var fingerprint = stopped.replaceAll("(?s).*--proxy-fingerprint ([0-9a-f]+).*", "$1");
        String rotated = fixture.tenant(rotation(fingerprint)).succeeded();
        assertTrue(rotated.contains("1 token is rejected with 401"), rotated);
        assertEquals(401, status(first));
        assertEquals(200, status(second));
        assertEquals(List.of("pharia-iam-service-user-blue-2"), fixture.serviceUsers());

        String removed = fixture.tenant(fixture.removal()).succeeded();
        assertTrue(removed.contains("its operators run pulumi destroy"), removed);
        assertTrue(removed.contains("1 token is rejected with 401"), removed);
        assertEquals(401, status(second));
        assertEquals(List.of(), fixture.serviceUsers());
        assertFalse(fixture.project().pulumi("stack", "ls").succeeded().contains(HANDOVER));
        assertFalse(Files.exists(fixture.project().directory().resolve("Pulumi." + HANDOVER + ".yaml")));
    }

    private List<String> rotation(String fingerprint) {
        var words = new ArrayList<>(fixture.rotation());
        words.addAll(List.of("--proxy-fingerprint", fingerprint));
        return words;
    }

    private String token(String serviceUser) {
        return sandbox.secret("others-shared", "pharia-iam-service-user-" + serviceUser, "token");
    }

    private String handover() {
        return fixture.project()
                .pulumi("stack", "output", "token-blue", "--show-secrets", "--stack", HANDOVER)
                .succeeded();
    }

    private int status(String token) {
        return fixture.shared().get("/model-settings", token).statusCode();
    }
}
