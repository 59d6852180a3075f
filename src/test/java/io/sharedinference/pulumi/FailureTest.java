package io.sharedinference.pulumi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.pulumi.FakePulumi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Error messages of failed commands. */
class FailureTest {

    private static final String NO_SPACE = "error: An IO error occurred while writing the new snapshot file:"
            + " write /backend/green.json.tmp: no space left on device";

    @TempDir
    Path directory;

    @Test
    void omitsProgressFromTheError() {
        var message = up(new Answer(255, """
                Updating (green):

                @ updating.....
                    pulumi:pulumi:Stack shared-inference-green running
                 ~  kubernetes:helm.sh/v3:Release tenant-release updating (0s) [diff: ~values]
                 ~  kubernetes:helm.sh/v3:Release tenant-release updating (4s) error: 1 error occurred:
                    pulumi:pulumi:Stack shared-inference-green running error: update failed
                 ~  kubernetes:helm.sh/v3:Release tenant-release **updating failed** error: 1 error occurred:
                Diagnostics:
                  pulumi:pulumi:Stack (shared-inference-green):
                    warning: using pulumi-resource-kubernetes from $PATH at /usr/bin/pulumi-resource-kubernetes
                    error: update failed

                  kubernetes:helm.sh/v3:Release (tenant-release):
                    error: the release did not become ready

                Resources:
                    3 unchanged

                Duration: 5s
                """, "warning: a line of its own"), Map.of());
        assertTrue(
                message.startsWith(
                        "pulumi up of stack green failed: pulumi:pulumi:Stack (shared-inference-green): error: update failed"
                                + " kubernetes:helm.sh/v3:Release (tenant-release): error: the release did not become ready warning: a line of its own\nFix: check"),
                message);
    }

    @Test
    void reportsAFullDiskWithTheBackupOfATruncatedState() throws IOException {
        var state = state("{\"version\": 3, \"checkp");
        var copy = Files.writeString(state.resolveSibling("green.json.bak"), "{}");
        var message = up(new Answer(255, "", NO_SPACE), whoami());
        assertTrue(message.contains(NO_SPACE), message);
        assertTrue(
                message.matches("(?s).*The file system of " + state.getParent() + " has [0-9]+ KiB free\\..*"),
                message);
        assertTrue(message.contains("The state " + state + " is truncated; " + copy + " is a backup from 2"), message);
        assertTrue(message.contains("Fix: free disk space, run cp " + copy + " " + state), message);
    }

    @Test
    void doesNotRestoreACompleteState() throws IOException {
        state("{\"version\": 3}");
        var message = up(new Answer(255, "", NO_SPACE), whoami());
        assertTrue(message.contains("KiB free.\nFix: free disk space, then run the same command again."), message);
        assertFalse(message.contains("is truncated"), message);
    }

    @Test
    void ignoresRemoteBackends() {
        var remote = Map.of("whoami", Answer.of("{\"user\": \"me\", \"url\": \"s3://bucket\"}"));
        assertTrue(up(new Answer(255, "", NO_SPACE), remote)
                .endsWith("pulumi up --yes --skip-preview --suppress-outputs --non-interactive --stack green."));
    }

    /** Uses the messages of the real CLI. */
    @Test
    void restoresATruncatedStateOfTheRealCli() throws IOException {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: shared-inference\nruntime: java\n");
        var engine = new Engine(RealPulumi.with(directory), directory);
        engine.init("green", Optional.empty());
        var state = directory.resolve(".pulumi/stacks/shared-inference/green.json");
        Files.copy(state, state.resolveSibling("green.json.bak"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(state, Files.readString(state).substring(0, 40));
        var message =
                assertThrows(EngineException.class, () -> engine.state("green")).getMessage();
        assertTrue(message.contains("Fix: free disk space, run cp " + state + ".bak " + state), message);
        Files.copy(state.resolveSibling("green.json.bak"), state, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(3, engine.state("green").path("version").asInt());
    }

    private Path state(String content) throws IOException {
        var stacks = Files.createDirectories(directory.resolve(".pulumi/stacks/shared-inference"));
        return Files.writeString(stacks.resolve("green.json"), content);
    }

    private Map<String, Answer> whoami() {
        return Map.of("whoami", Answer.of("{\"user\": \"me\", \"url\": \"file://" + directory + "\"}"));
    }

    private String up(Answer answer, Map<String, Answer> others) {
        var answers = new HashMap<>(others);
        answers.put("up", answer);
        var engine = new Engine(FakePulumi.scripted(answers), directory);
        return assertThrows(EngineException.class, () -> engine.up("green", line -> {}))
                .getMessage();
    }
}
