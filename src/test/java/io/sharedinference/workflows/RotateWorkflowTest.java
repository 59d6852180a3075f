package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rotate workflow pushes the files that a rotation changed. */
class RotateWorkflowTest {

    @TempDir
    Path directory;

    private GitRepository origin;
    private GitRepository clone;

    @BeforeEach
    void cloneRepository() throws Exception {
        origin = GitRepository.bare(directory.resolve("origin"));
        clone = origin.clone(directory.resolve("clone"));
        Files.copy(Path.of(".gitignore"), clone.directory().resolve(".gitignore"));
        clone.write("Pulumi.yaml", "Pulumi.shared.yaml");
        clone.push("first", "main");
    }

    @Test
    void pushesTheStackFilesAndTheTokensToBeRevoked() throws Exception {
        clone.write("Pulumi.shared.yaml", "pending-revocations.shared.yaml", "token.txt");
        saveChanges();
        assertEquals(
                List.of("M Pulumi.shared.yaml", "A pending-revocations.shared.yaml"), origin.changesOfLastCommit());
    }

    @Test
    void pushesTheDeletionOfRevokedTokens() throws Exception {
        clone.write("pending-revocations.shared.yaml");
        clone.push("pending", "main");
        Files.delete(clone.directory().resolve("pending-revocations.shared.yaml"));
        saveChanges();
        assertEquals(List.of("D pending-revocations.shared.yaml"), origin.changesOfLastCommit());
    }

    @Test
    void pushesNothingWhenNoTokenWasRotated() throws Exception {
        saveChanges();
        assertEquals("first", origin.git("log --format=%s"));
    }

    @Test
    void pushesOnTopOfCommitsPushedMeanwhile() throws Exception {
        var other = origin.clone(directory.resolve("other"));
        other.write("Pulumi.tenant1.yaml");
        other.push("other", "main");
        clone.write("Pulumi.shared.yaml");
        saveChanges();
        assertEquals("tenants: rotate tokens\nother\nfirst", origin.git("log --format=%s"));
    }

    private void saveChanges() throws Exception {
        var result = WorkflowStep.of("rotate", "rotate", "git push").run(clone.directory(), Map.of());
        assertEquals(0, result.exitCode(), result.output());
    }
}
