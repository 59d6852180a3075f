package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preview workflow selects the affected stacks, and applies only stack files of a fork. */
class PreviewWorkflowTest {

    @TempDir
    Path directory;

    private GitRepository origin;
    private GitRepository fork;
    private GitRepository clone;

    @BeforeEach
    void forkRepository() throws Exception {
        origin = GitRepository.bare(directory.resolve("origin"));
        clone = origin.clone(directory.resolve("clone"));
        clone.write("Pulumi.yaml", "Pulumi.shared.yaml", "Pulumi.tenant1.yaml", "tenant");
        clone.push("first", "main");
        fork = origin.clone(directory.resolve("fork"));
    }

    @Test
    void previewsAffectedStacks() throws Exception {
        affectedPrints("echo '{\"all\": [\"shared\",\n\"tenant1\"]}'");
        assertEquals(0, affected().exitCode());
        assertEquals("stacks=[\"shared\",\"tenant1\"]\n", Files.readString(directory.resolve("output")));
    }

    @Test
    void failsWhenAffectedStacksAreUnknown() throws Exception {
        affectedPrints("exit 2");
        assertEquals(2, affected().exitCode());
    }

    @Test
    void appliesAddedChangedAndDeletedStackFilesOfAForkOnly() throws Exception {
        fork.write("Pulumi.shared.yaml", "Pulumi.tenant2.yaml", "Pulumi.yaml", "tenant", "values.yaml");
        Files.delete(fork.directory().resolve("Pulumi.tenant1.yaml"));
        assertEquals("", errorOf(fork.push("fork", "refs/pull/7/head")));
        assertEquals(
                List.of("M Pulumi.shared.yaml", "D Pulumi.tenant1.yaml", "A Pulumi.tenant2.yaml"),
                clone.changesOfLastCommit());
        assertEquals("BASE=" + clone.git("rev-parse HEAD^") + "\n", Files.readString(directory.resolve("environment")));
    }

    @Test
    void keepsStackFilesThatChangedAfterTheForkWasMade() throws Exception {
        fork.write("Pulumi.tenant1.yaml");
        var commit = fork.push("fork", "refs/pull/7/head");
        clone.write("Pulumi.shared.yaml");
        clone.push("later", "main");
        assertEquals("", errorOf(commit));
        assertEquals(List.of("M Pulumi.tenant1.yaml"), clone.changesOfLastCommit());
    }

    @Test
    void rejectsACommitThatWasNotReviewed() throws Exception {
        fork.write("Pulumi.tenant1.yaml");
        var reviewed = fork.push("reviewed", "refs/pull/7/head");
        fork.write("Pulumi.tenant1.yaml");
        fork.push("pushed-later", "refs/pull/7/head");
        assertEquals(
                "The pull request ends in another commit than " + reviewed + ". Review it again.", errorOf(reviewed));
    }

    @Test
    void rejectsLinks() throws Exception {
        Files.delete(fork.directory().resolve("Pulumi.tenant1.yaml"));
        Files.createSymbolicLink(fork.directory().resolve("Pulumi.tenant1.yaml"), Path.of("/etc/hostname"));
        assertEquals("Symbolic links are not previewed.", errorOf(fork.push("fork", "refs/pull/7/head")));
    }

    @Test
    void rejectsConflicts() throws Exception {
        fork.write("Pulumi.tenant1.yaml");
        var commit = fork.push("fork", "refs/pull/7/head");
        clone.write("Pulumi.tenant1.yaml");
        clone.push("later", "main");
        assertEquals("The stack files conflict with this branch. Rebase the pull request.", errorOf(commit));
    }

    @Test
    void rejectsPullRequestsWithoutStackFiles() throws Exception {
        fork.write("tenant");
        assertEquals("The pull request changes no stack file.", errorOf(fork.push("fork", "refs/pull/7/head")));
    }

    private void affectedPrints(String script) throws IOException {
        var tenant = Files.writeString(clone.directory().resolve("tenant"), "#!/bin/sh\n" + script + "\n");
        assertTrue(tenant.toFile().setExecutable(true));
    }

    private WorkflowStep.Result affected() throws Exception {
        Tool.linter("jq");
        return WorkflowStep.of("preview", "affected", "tenant affected")
                .run(
                        clone.directory(),
                        Map.of(
                                "BASE",
                                "main",
                                "GITHUB_OUTPUT",
                                directory.resolve("output").toString()));
    }

    /** @return the reported error; none if the fork's stack files are committed */
    private String errorOf(String reviewedCommit) throws Exception {
        var checkout = origin.clone(clone.directory().resolve("fork"));
        checkout.git("fetch --quiet origin refs/pull/7/head:pull");
        checkout.git("checkout --quiet pull");
        var environment = Map.of(
                "COMMIT",
                reviewedCommit,
                "GITHUB_ENV",
                directory.resolve("environment").toString());
        var result = WorkflowStep.of("preview", "fork", "git apply").run(clone.directory(), environment);
        var error = result.output()
                .lines()
                .filter(line -> line.startsWith("::error::"))
                .map(line -> line.replace("::error::", ""))
                .findFirst()
                .orElse("");
        assertEquals(error.isEmpty(), result.exitCode() == 0, result.output());
        return error;
    }
}
