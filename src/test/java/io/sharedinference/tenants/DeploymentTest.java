package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.kubernetes.HelmRecords;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.Workspace;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.pulumi.ScriptedPulumi;
import io.sharedinference.pulumi.ScriptedPulumi.Answer;
import io.sharedinference.verify.TokenCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {

    @TempDir
    Path folder;

    @Test
    void whatFailedFirstIsThrownAndWhatFailedInItsRepairGoesWithIt() throws IOException {
        Files.writeString(folder.resolve("Pulumi.shared.yaml"), """
                config:
                  shared-inference:role: shared
                  shared-inference:context: here
                  shared-inference:kubeconfig: no-such-file
                  shared-inference:chart: oci://registry.example.com/pharia
                  shared-inference:domain: shared.example.com
                """);
        var pulumi = new ScriptedPulumi(Map.of(
                "stack export", Answer.of("{\"deployment\": {}}"), "up", new Answer(1, "", "error: the first one")));
        var failure =
                assertThrows(EngineException.class, () -> deployment(pulumi).up(line -> {}));
        assertTrue(failure.getMessage().contains("error: the first one"), failure.getMessage());
        assertEquals(1, failure.getSuppressed().length);
        assertTrue(
                failure.getSuppressed()[0].getMessage().contains("no-such-file"),
                failure.getSuppressed()[0].getMessage());
    }

    /** It began when the repair had looked, and the refresh took for deployed what never was. */
    @Test
    void anOperationThatIsPendingAfterAnUpIsFollowedByAnother() throws IOException {
        try (var server = new FakeCluster()) {
            record(server, "deployed");
            Files.writeString(folder.resolve("Pulumi.shared.yaml"), """
                    config:
                      shared-inference:role: shared
                      shared-inference:context: %s
                      shared-inference:kubeconfig: %s
                      shared-inference:namespace: blue
                      shared-inference:chart: oci://registry.example.com/pharia
                      shared-inference:domain: shared.example.com
                    """.formatted(
                            FakeCluster.CONTEXT, server.kubeconfig(folder)));
            var pulumi = new Surviving(server, new ArrayList<>());
            deployment(pulumi).up(line -> {});
            assertEquals(List.of("refresh", "up", "refresh", "up"), pulumi.changes());
            assertEquals(1, server.deleted().size());
        }
    }

    private Deployment deployment(PulumiCommand pulumi) {
        var project = new Project(
                new StackFiles(folder, Engine.PROJECT, "organization"),
                new Workspace(Map.of(), folder),
                new Engine(pulumi, folder),
                new TokenCheck(Optional.empty()),
                false);
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

    /** The CLI after a run was killed whose provider is still there: it begins during the first up. */
    private record Surviving(FakeCluster server, List<String> changes) implements PulumiCommand {

        @Override
        public Version version() {
            return Version.of(3, 223);
        }

        @Override
        public CommandResult run(List<String> arguments, CommandRunOptions options) {
            if (arguments.get(0).equals("stack")) {
                return new CommandResult(0, """
                        {"deployment": {"pending_operations": [{"type": "updating", "resource": {}}]}}""", "");
            }
            changes.add(arguments.get(0));
            record(server, changes.equals(List.of("refresh", "up")) ? "pending-upgrade" : "deployed");
            return new CommandResult(0, "", "");
        }
    }
}
