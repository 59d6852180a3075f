package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** This project's image in a chart that passes only the Secret's keys, as environment variables. */
@ExtendWith(SandboxExtension.class)
class EnvironmentChartIT {

    private LifecycleFixture fixture;

    @BeforeEach
    void begin(Sandbox sandbox, @TempDir Path directory) {
        var chart = ThirdPartyChart.withSecretInTheEnvironment(directory.resolve("chart"));
        fixture = new LifecycleFixture(sandbox, directory, "env", 32680, false);
        fixture.begin(Map.of("chart", chart.directory().toString()));
    }

    @AfterEach
    void end() {
        fixture.end();
    }

    @Test
    void aTenantIsAddedVerifiedAndRotatedWithoutAFailedRequest() throws Exception {
        fixture.tenant(fixture.addition()).succeeded();
        assertTrue(fixture.tenantAsUser("verify").succeeded().contains("blue is verified"));
        String old = fixture.token();
        var load = Load.of(fixture.proxy(), fixture.userToken(), 2);
        try {
            fixture.tenant(fixture.rotation()).succeeded();
        } finally {
            load.stop();
        }
        assertEquals(List.of(), load.failures());
        assertTrue(load.responses() > 100, "only " + load.responses() + " requests");
        assertNotEquals(old, fixture.token());
        assertEquals(401, fixture.shared().get("/model-settings", old).statusCode());
        assertTrue(fixture.tenantAsUser("verify").succeeded().contains("blue is verified"));
        fixture.project().previewWithoutChanges(LifecycleFixture.TENANT).succeeded();
    }
}
