package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.github.FakeGitHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** A pull request's way: the preview of a changed stack in the sandbox, then its comment on a GitHub on loopback. */
@ExtendWith(SandboxExtension.class)
class PullRequestIT {

    private static final String MARKER = "<!-- shared-inference stack tenant1 -->\n";

    @TempDir
    Path folder;

    @Test
    void aChangeIsPreviewedAndKeptUpToDateInOneComment(Sandbox sandbox) throws IOException {
        var token = sandbox.secret("tenant1", "inference-api-proxy-secret", "remote-inference-api-token");
        try (var gitHub = new FakeGitHub()) {
            var there = sandbox.with(Map.of(
                    "GITHUB_API_URL",
                    gitHub.url().toString(),
                    "GITHUB_REPOSITORY",
                    FakeGitHub.REPOSITORY,
                    "GITHUB_TOKEN",
                    "the-token"));
            comment(there, project(sandbox, Map.of()));
            assertEquals(List.of(MARKER + "### `tenant1`: no changes\n"), gitHub.comments());

            comment(
                    there,
                    project(
                            sandbox,
                            Map.of(
                                    "values",
                                    Map.of(
                                            "inference-api-proxy",
                                            Map.of("replicas", 3, "env", Map.of("NOTE", token))))));
            assertEquals(1, gitHub.comments().size());
            var comment = gitHub.comments().get(0);
            assertTrue(comment.contains("-  replicas: 2\n+  replicas: 3"), comment);
            assertFalse(comment.contains(token), comment);

            comment(there, project(sandbox, Map.of("replicas", 3)));
            var broken = gitHub.comments().get(0);
            assertTrue(
                    broken.contains("the preview failed")
                            && broken.contains("shared-inference:replicas")
                            && broken.contains("to do:"),
                    broken);
        }
    }

    /** A copy of the sandbox's project, with its backend and other settings for the tenant. */
    private Path project(Sandbox sandbox, Map<String, Object> settings) throws IOException {
        var copy = Files.createTempDirectory(folder, "project");
        for (var file : List.of("Pulumi.yaml", "Pulumi.shared.yaml", "Pulumi.tenant1.yaml")) {
            Files.copy(sandbox.project().resolve(file), copy.resolve(file));
        }
        var yaml = new Yaml();
        var stack = copy.resolve("Pulumi.tenant1.yaml");
        Map<String, Map<String, Object>> content = yaml.load(Files.readString(stack));
        settings.forEach((key, value) -> content.get("config").put("shared-inference:" + key, value));
        Files.writeString(stack, yaml.dump(content));
        return copy;
    }

    private void comment(Sandbox sandbox, Path project) throws IOException {
        var previews = Files.createTempDirectory(folder, "previews").toString();
        sandbox.run("./tenant", "preview", "tenant1", "--cwd", project.toString(), "--output", previews);
        sandbox.run("./tenant", "comment", previews, "--pull-request", "1", "--author", "bot")
                .succeeded();
    }
}
