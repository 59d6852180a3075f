package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The last step of the workflow `rotate`, run as GitHub's runner does, in a clone with a real remote. */
class RotateWorkflowTest {

    @TempDir
    Path directory;

    private Path clone;

    @BeforeEach
    void cloneRepository() throws Exception {
        git(directory, "init --quiet --bare --initial-branch main origin");
        clone = clone("clone");
        Files.copy(Path.of(".gitignore"), clone.resolve(".gitignore"));
        write(clone, "Pulumi.yaml", "Pulumi.shared.yaml");
        commit(clone, "first");
    }

    @Test
    void pushesTheStackFilesAndTheTokensToBeRevoked() throws Exception {
        write(clone, "Pulumi.shared.yaml", "pending-revocations.shared.yaml", "token.txt");
        pushChanges();
        assertEquals("Pulumi.shared.yaml\npending-revocations.shared.yaml", changesOfLastCommit());
    }

    @Test
    void pushesDeletionOfRevokedTokens() throws Exception {
        write(clone, "pending-revocations.shared.yaml");
        commit(clone, "pending");
        Files.delete(clone.resolve("pending-revocations.shared.yaml"));
        pushChanges();
        assertEquals("pending-revocations.shared.yaml", changesOfLastCommit());
    }

    @Test
    void pushesNothingWhenNoTokenWasRotated() throws Exception {
        pushChanges();
        assertEquals("first", git(directory.resolve("origin"), "log -1 --format=%s main"));
    }

    @Test
    void pushesOnTopOfCommitsPushedMeanwhile() throws Exception {
        var other = clone("other");
        write(other, "Pulumi.tenant1.yaml");
        commit(other, "other");
        write(clone, "Pulumi.shared.yaml");
        pushChanges();
        assertEquals("tenants: rotate tokens\nother\nfirst", git(directory.resolve("origin"), "log --format=%s main"));
    }

    private String changesOfLastCommit() throws Exception {
        return git(directory.resolve("origin"), "show --name-only --format= main");
    }

    private Path clone(String name) throws Exception {
        git(directory, "clone --quiet origin " + name);
        var clone = directory.resolve(name);
        git(clone, "config user.name test");
        git(clone, "config user.email test@example.com");
        return clone;
    }

    private static void commit(Path clone, String subject) throws Exception {
        git(clone, "add --all");
        git(clone, "commit --quiet --message " + subject);
        git(clone, "push --quiet origin main");
    }

    private static void write(Path clone, String... names) throws IOException {
        for (var name : names) {
            Files.writeString(clone.resolve(name), "value: " + System.nanoTime() + "\n");
        }
    }

    private void pushChanges() throws Exception {
        Map<String, Map<String, Map<String, List<Map<String, String>>>>> workflow =
                new Yaml().load(Files.readString(Path.of(".github", "workflows", "rotate.yml")));
        var steps = workflow.get("jobs").get("rotate").get("steps");
        run(clone, List.of("bash", "-e", "-c", steps.get(steps.size() - 1).get("run")));
    }

    private static String git(Path directory, String arguments) throws Exception {
        return run(
                directory,
                Stream.concat(Stream.of("git"), Stream.of(arguments.split(" "))).toList());
    }

    private static String run(Path directory, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes()).strip();
        assertEquals(0, process.waitFor(), command + ": " + output);
        return output;
    }
}
