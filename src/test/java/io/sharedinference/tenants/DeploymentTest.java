package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.automation.PulumiCommand;
import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.kubernetes.HelmRecords;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.pulumi.FakePulumi;
import io.sharedinference.pulumi.FakePulumi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {

    @TempDir
    Path directory;

    @Test
    void throwsTheFirstFailureWithTheFailedRepairSuppressed() throws IOException {
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), """
                config:
                  shared-inference:role: shared
                  shared-inference:context: here
                  shared-inference:kubeconfig: no-such-file
                  shared-inference:chart: oci://registry.example.com/pharia
                  shared-inference:domain: shared.example.com
                """);
        var pulumi = FakePulumi.scripted(Map.of(
                "stack export", Answer.of("{\"deployment\": {}}"), "up", new Answer(1, "", "error: the first one")));
        var failure =
                assertThrows(EngineException.class, () -> deployment(pulumi).up(line -> {}));
        assertTrue(failure.getMessage().contains("error: the first one"), failure.getMessage());
        assertEquals(1, failure.getSuppressed().length);
        assertTrue(
                failure.getSuppressed()[0].getMessage().contains("no-such-file"),
                failure.getSuppressed()[0].getMessage());
    }

    /** The operation started after the repair had checked, so the refresh recorded a release that was never deployed. */
    @Test
    void repeatsTheUpdateWhenAnOperationIsPendingAfterIt() throws IOException {
        try (var server = new FakeCluster()) {
            record(server, "deployed");
            Files.writeString(directory.resolve("Pulumi.shared.yaml"), """
                    config:
                      shared-inference:role: shared
                      shared-inference:context: %s
                      shared-inference:kubeconfig: %s
                      shared-inference:namespace: blue
                      shared-inference:chart: oci://registry.example.com/pharia
                      shared-inference:domain: shared.example.com
                    """.formatted(
                            FakeCluster.CONTEXT, server.kubeconfig(directory)));
            var changes = new ArrayList<String>();
            deployment(new FakePulumi(command -> survivor(server, changes, command)))
                    .up(line -> {});
            assertEquals(List.of("refresh", "up", "refresh", "up"), changes);
            assertEquals(1, server.deleted().size());
        }
    }

    private Deployment deployment(PulumiCommand pulumi) {
        var project = TestProject.in(directory, pulumi);
        return new Deployment(project, "shared");
    }

    private static void record(FakeCluster server, String status) {
        server.answer(
                "/api/v1/namespaces/blue/secrets?labelSelector=owner%3Dhelm%2Cname%3Dpharia-ai",
                "{\"apiVersion\": \"v1\", \"kind\": \"SecretList\", \"metadata\": {}, \"items\": ["
                        + HelmRecords.revision(
                                2, status, "pulumi-kubernetes", Instant.now().minus(Duration.ofHours(1)))
                        + "]}");
    }

    /** The CLI after a killed run whose provider survived: its Helm operation starts during the first up. */
    private static Answer survivor(FakeCluster server, List<String> changes, String command) {
        if (command.startsWith("stack")) {
            return Answer.of("""
                    {"deployment": {"pending_operations": [{"type": "updating", "resource": {}}]}}""");
        }
        changes.add(command.split(" ")[0]);
        record(server, changes.equals(List.of("refresh", "up")) ? "pending-upgrade" : "deployed");
        return Answer.of("");
    }
}
