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

/** This project's image in a chart that passes the Secret's keys as environment variables, and nothing else. */
@ExtendWith(SandboxExtension.class)
class EnvironmentChartIT {

    private Lives lives;

    @BeforeEach
    void begin(Sandbox sandbox, @TempDir Path directory) {
        var chart = ForeignChart.withKeysInTheEnvironment(directory.resolve("chart"));
        lives = new Lives(sandbox, directory, "env", 32680, false);
        lives.begin(Map.of("chart", chart.directory().toString()));
    }

    @AfterEach
    void end() {
        lives.end();
    }

    @Test
    void aTenantIsAddedVerifiedAndRotatedWithoutAFailedRequest() throws Exception {
        lives.tenant(lives.addition()).succeeded();
        assertTrue(verified().contains("blue is verified"));
        String old = lives.token();
        var load = Load.of(lives.proxy(), lives.userToken(), 2);
        try {
            lives.tenant(lives.rotation()).succeeded();
        } finally {
            load.stop();
        }
        assertEquals(List.of(), load.failures());
        assertTrue(load.answers() > 100, "only " + load.answers() + " requests");
        assertNotEquals(old, lives.token());
        assertEquals(401, lives.shared().get("/model-settings", old).statusCode());
        assertTrue(verified().contains("blue is verified"));
        lives.project().previewWithoutChanges(Lives.TENANT).succeeded();
    }

    private String verified() {
        return lives.project()
                .sandbox()
                .with(Map.of("TENANT_USER_TOKEN", lives.userToken()))
                .run(
                        "./tenant",
                        "verify",
                        Lives.TENANT,
                        "--cwd",
                        lives.project().folder().toString())
                .succeeded();
    }
}
