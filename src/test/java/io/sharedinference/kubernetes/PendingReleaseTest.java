package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingReleaseTest {

    @ParameterizedTest
    @CsvSource({
        "1, pending-install, helm uninstall pharia-ai --namespace blue --kube-context far --wait",
        "2, pending-upgrade, helm rollback pharia-ai --namespace blue --kube-context far --wait",
        "3, pending-rollback, helm rollback pharia-ai --namespace blue --kube-context far --wait"
    })
    void reportsRollbackOrUninstallCommand(int revision, String status, String command) {
        var release =
                new HelmRelease("blue", "pharia-ai", revision, status, "pharia-ai", "1.0.0", "", "", Instant.EPOCH);
        var message = PendingRelease.problem(release, "far").toString();
        assertTrue(release.pending());
        assertTrue(
                message.contains("release blue/pharia-ai = \"" + status + ", revision " + revision + "\"")
                        && message.contains(command),
                message);
    }
}
