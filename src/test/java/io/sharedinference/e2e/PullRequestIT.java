package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.golden.Golden;
import io.sharedinference.review.FakeGitHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Previews the stacks of a branch in the sandbox, and comments on a fake GitHub. */
@ExtendWith(SandboxExtension.class)
class PullRequestIT {

    private static final Yaml YAML = new Yaml();

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private FakeGitHub gitHub;
    private Path project;

    /** A copy of the sandbox's project in a new repository, on a branch without changes. */
    @BeforeEach
    void createBranch(Sandbox running) throws IOException {
        project = Files.createDirectory(directory.resolve("project"));
        for (var file : List.of("Pulumi.yaml", "Pulumi.shared.yaml", "Pulumi.tenant1.yaml")) {
            Files.copy(running.project().resolve(file), project.resolve(file));
        }
        gitHub = new FakeGitHub();
        sandbox = running.with(gitHub.environment());
        git("init", "--quiet", "--initial-branch=main");
        commit();
        git("checkout", "--quiet", "-b", "change");
    }

    @AfterEach
    void end() {
        gitHub.close();
    }

    @Test
    void theCommentIsUpdated() throws IOException {
        preview("tenant1");
        assertComments("no-change", "tenant1");

        configure("tenant1", Map.of("values", Map.of("inference-api-proxy", Map.of("replicas", 3))));
        previewAffected();
        assertComments("values-change", "tenant1");

        configure("tenant1", Map.of("replicas", 3));
        previewAffected();
        assertComments("broken-config", "tenant1");
    }

    @Test
    void aNewTenantIsPreviewedBeforeItIsDeployed() throws IOException {
        configure("shared", Map.of("tenants", List.of("tenant1", "tenant2")));
        Files.copy(project.resolve("Pulumi.tenant1.yaml"), project.resolve("Pulumi.tenant2.yaml"));
        configure("tenant2", Map.of("tenant", "tenant2", "inferenceApiUrl", "http://tenant2.example"));
        previewAffected();
        assertComments("new-tenant", "shared", "tenant1", "tenant2");
        assertFalse(stacks().contains("tenant2"), "the stack that the preview created still exists");
    }

    @Test
    void removingADeployedTenantIsRejectedWithAFix() throws IOException {
        configure("shared", Map.of("tenants", List.of("another")));
        Files.delete(project.resolve("Pulumi.tenant1.yaml"));
        previewAffected();
        assertComments("removed-tenant", "shared", "tenant1");
    }

    @Test
    void aChangedProxyIsShownWithBothDigests() throws IOException {
        var checkout = new Checkout(Files.createDirectory(directory.resolve("checkout")), project);
        checkout.change("proxy/src/main/java/io/sharedinference/proxy/Main.java");
        preview(checkout.directory(), "tenant1");
        var comment = onlyComment();
        assertTrue(
                comment.lines()
                        .anyMatch(
                                line -> line.matches(
                                        "\\*\\*Proxy image:\\*\\* `\\S+@sha256:([0-9a-f]{64})` → `\\S+@sha256:(?!\\1)[0-9a-f]{64}`")),
                comment);
        assertComments("changed-proxy", "tenant1");
    }

    @Test
    void anUndeployedSharedStackIsReportedWithAFix() throws IOException {
        configure("tenant1", Map.of("sharedStack", "nobody"));
        previewAffected();
        assertComments("undeployed-shared-stack", "tenant1");
    }

    @Test
    void generatedSecretsAreNoChanges() throws IOException {
        var chart = generatingChart();
        Files.move(project.resolve("Pulumi.tenant1.yaml"), project.resolve("Pulumi.generated.yaml"));
        configure(
                "generated",
                Map.of("chart", chart, "namespace", "generated", "protect", "false", "values", Map.of("note", "a")));
        try {
            pulumi("stack", "init", "generated").succeeded();
            pulumi("up", "--yes", "--skip-preview", "--stack", "generated").succeeded();
            commit();
            preview("generated");
            assertEquals(marker("generated") + "### `generated`: no changes\n", comment("generated"));

            configure("generated", Map.of("values", Map.of("note", "b")));
            preview("generated");
            assertComments("generated-values", "generated");
        } finally {
            pulumi("destroy", "--yes", "--skip-preview", "--stack", "generated");
            pulumi("stack", "rm", "--yes", "generated");
        }
    }

    @Test
    void stackFilesOfAForkAreRenderedWithoutSecrets() throws IOException {
        configure("tenant1", Map.of("chart", "sandbox/chart"));
        commit();
        git("branch", "--force", "main");
        configure("tenant1", Map.of("values", Map.of("inference-api-proxy", Map.of("replicas", 3))));
        commit();
        var reviews = Files.createTempDirectory(directory, "previews");
        untrusted()
                .run(
                        "./tenant",
                        "render",
                        "--cwd",
                        project.toString(),
                        "--against",
                        "main",
                        "--output",
                        reviews.toString())
                .succeeded();
        commentOnFork(reviews);
        assertComments("fork", "tenant1");

        // an untrusted job may write anything
        var review = reviews.resolve("tenant1.json");
        Files.writeString(
                review,
                Files.readString(review)
                        .replace("RENDERING", "UPDATE")
                        .replace("\"unchanged\" : 0", "\"unchanged\" : 7"));
        commentOnFork(reviews);
        assertComments("fork", "tenant1");
    }

    /** The sandbox without access to its cluster and its backend. */
    private Sandbox untrusted() {
        return sandbox.with(Map.of(
                "KUBECONFIG",
                "nowhere",
                "PULUMI_BACKEND_URL",
                "nowhere",
                "PULUMI_CONFIG_PASSPHRASE",
                "wrong-passphrase"));
    }

    private void commentOnFork(Path reviews) throws IOException {
        gitHub.pullRequest(1, "0123abcd");
        var event = Files.writeString(directory.resolve("event.json"), """
                {"workflow_run": {"head_branch": "change", "head_sha": "0123abcd",
                 "head_repository": {"full_name": "stranger/infra", "owner": {"login": "stranger"}}}}""");
        sandbox.with(Map.of("GITHUB_EVENT_PATH", event.toString()))
                .run("./tenant", "comment", reviews.toString(), "--author", "bot")
                .succeeded();
    }

    @Test
    void tokensAreMaskedInComments() throws IOException {
        var token = sandbox.secret("tenant1", "inference-api-proxy-secret", "remote-inference-api-token");
        Files.writeString(project.resolve("planted.yaml"), "pharia-iam: {podLabels: {planted: " + token + "}}\n");
        configure(
                "tenant1",
                Map.of(
                        "valuesFiles",
                        List.of(
                                "sandbox/values/tenant1.yaml",
                                sandbox.project().resolve("stand-ins.yaml").toString(),
                                project.resolve("planted.yaml").toString()),
                        "values",
                        Map.of("inference-api-proxy", Map.of("env", Map.of("NOTE", token, token, "x")))));
        previewAffected();
        assertMasked(token);
        configure("tenant1", Map.of("context", token, token, "x", "domain", token, "clientNamespaces", List.of(token)));
        previewAffected();
        assertMasked(token);
    }

    private void assertMasked(String token) {
        var comment = onlyComment();
        assertTrue(comment.contains("***"), comment);
        for (var form : List.of(
                token,
                Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)),
                Base64.getEncoder().encodeToString(("Bearer " + token).getBytes(StandardCharsets.UTF_8)))) {
            assertFalse(comment.contains(form), "the comment contains the token, plain or encoded");
        }
    }

    /** A chart that generates a random password each time it is rendered. */
    private String generatingChart() throws IOException {
        var chart = directory.resolve("chart");
        Files.createDirectories(chart.resolve("templates"));
        Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: generating\nversion: 1.0.0\n");
        Files.writeString(chart.resolve("templates/objects.yaml"), """
                apiVersion: v1
                kind: Secret
                metadata: {name: generated}
                stringData: {password: {{ randAlphaNum 20 | quote }}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: note}
                data: {note: {{ .Values.note }}}
                """);
        return chart.toString();
    }

    private Map<String, Object> config(String stack) throws IOException {
        Map<String, Map<String, Object>> file = YAML.load(Files.readString(file(stack)));
        return file.get("config");
    }

    /** Changes a stack file on the branch. */
    private void configure(String stack, Map<String, Object> settings) throws IOException {
        Map<String, Map<String, Object>> file = YAML.load(Files.readString(file(stack)));
        var changed = new HashMap<String, Object>(file);
        var config = new HashMap<>(file.get("config"));
        settings.forEach((key, value) -> config.put("shared-inference:" + key, value));
        changed.put("config", config);
        Files.writeString(file(stack), YAML.dump(changed));
    }

    private Path file(String stack) {
        return project.resolve("Pulumi." + stack + ".yaml");
    }

    /** Previews and comments on all stacks that the branch affects, as CI does. */
    private void previewAffected() throws IOException {
        commit();
        preview("--affected-by", "main");
    }

    private void preview(String... arguments) throws IOException {
        preview(Sandbox.CHECKOUT, arguments);
    }

    private void preview(Path checkout, String... arguments) throws IOException {
        var previews = Files.createTempDirectory(directory, "previews").toString();
        var command = new ArrayList<>(List.of(
                checkout.resolve("tenant").toString(), "preview", "--cwd", project.toString(), "--output", previews));
        command.addAll(Arrays.asList(arguments));
        sandbox.run(command.toArray(String[]::new));
        sandbox.run("./tenant", "comment", previews, "--pull-request", "1", "--author", "bot")
                .succeeded();
    }

    private Outcome pulumi(String... arguments) {
        var command = new ArrayList<>(List.of("pulumi", "--non-interactive", "--cwd", project.toString()));
        command.addAll(Arrays.asList(arguments));
        return sandbox.with(Map.of("SHARED_INFERENCE_PROJECT", project.toString()))
                .run(command.toArray(String[]::new));
    }

    private String stacks() {
        return pulumi("stack", "ls").succeeded();
    }

    private void commit() {
        git("add", "--all");
        git(
                "-c",
                "user.name=test",
                "-c",
                "user.email=test@example.com",
                "commit",
                "--quiet",
                "--allow-empty",
                "-m",
                "x");
    }

    private void git(String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", project.toString()));
        command.addAll(Arrays.asList(arguments));
        sandbox.run(command.toArray(String[]::new)).succeeded();
    }

    private static String marker(String stack) {
        return "<!-- shared-inference stack " + stack + " -->\n";
    }

    /** Compares the comments of exactly these stacks with the golden file; values that differ between runs are replaced. */
    private void assertComments(String name, String... stacks) throws IOException {
        assertEquals(stacks.length, gitHub.comments().size(), gitHub.comments().toString());
        var comments = new StringBuilder();
        for (var stack : stacks) {
            comments.append(comment(stack));
        }
        Golden.assertText(
                "pull-request/" + name,
                comments.toString()
                        .replaceAll("sha256:[0-9a-f]{64}", "sha256:DIGEST")
                        .replaceAll("(src-|stand-ins:)[0-9a-f]{12}", "$1SOURCES")
                        .replaceAll("\\b[0-9a-f]{16}\\b", "FINGERPRINT")
                        .replaceAll("10\\.\\d+\\.\\d+\\.\\d+", "NODE")
                        .replaceAll("(?m)(added</summary>\\n\\n```diff\\n)(\\+.*\\n)+", "$1+THE WHOLE OBJECT\n"));
    }

    private String onlyComment() {
        assertEquals(1, gitHub.comments().size(), gitHub.comments().toString());
        return gitHub.comments().get(0);
    }

    private String comment(String stack) {
        return gitHub.comments().stream()
                .filter(comment -> comment.startsWith(marker(stack)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no comment for " + stack + " in " + gitHub.comments()));
    }
}
