package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The repairs that docs/operating.md documents, and how the provider handles manual edits in the cluster. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepairIT {

    private static final String SECRET = "inference-api-proxy-secret";

    private Sandbox sandbox;
    private Project project;
    private Installations installations;
    private Path chart;

    @BeforeAll
    void deploy(Sandbox running, @TempDir Path directory) throws IOException {
        sandbox = running;
        project = new Project(running, directory.resolve("project"));
        installations = new Installations(running, "repair", 31680);
        chart = directory.resolve("chart");
        copy(Sandbox.CHECKOUT.resolve("sandbox/chart"), chart);
        project.configure("shared", installations.shared("blue"));
        project.up("shared").succeeded();
        project.configure("blue", blue(Map.of()));
        project.up("blue").succeeded();
    }

    private Map<String, Object> blue(Map<String, Object> changes) {
        var config = new LinkedHashMap<>(installations.blue("1s"));
        config.put("chart", chart.toString());
        config.putAll(changes);
        return config;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @AfterAll
    void cleanUp() {
        project.configure("blue", blue(Map.of()));
        project.destroy("blue");
        project.destroy("shared");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patch secret inference-api-proxy-secret -p"
                        + " {\"stringData\":{\"remote-inference-api-url\":\"http://nowhere.invalid\"}}",
                "delete secret inference-api-proxy-secret",
                "patch networkpolicy inference-api-proxy --type=json -p"
                        + " [{\"op\":\"remove\",\"path\":\"/spec/egress/2\"}]",
                "delete networkpolicy inference-api-proxy"
            })
    void upWithRefreshRevertsManualEdits(String edit) {
        var before = declared();
        sandbox.kubectl("-n " + installations.blueNamespace() + " " + edit);
        assertNotEquals(before, declared());
        project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "blue")
                .succeeded();
        assertEquals(before, declared());
        project.pulumi("refresh", "--yes", "--expect-no-changes", "--stack", "blue")
                .succeeded();
        api().awaitStatus("/model-settings", userToken(), 200);
    }

    /** Server-side apply, and so the provider, keeps fields that others added; only a new object lacks them. */
    @Test
    void addedFieldsAreRemovedWithTheirObject() {
        var before = declared();
        var policy = "-n " + installations.blueNamespace() + " %s networkpolicy inference-api-proxy";
        sandbox.kubectl(policy.formatted("patch")
                + " -p {\"spec\":{\"podSelector\":{\"matchLabels\":{\"edited\":\"by-hand\"}}}}");
        sandbox.kubectl(policy.formatted("delete"));
        project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "blue")
                .succeeded();
        assertEquals(before, declared());
    }

    /** A refresh does not detect these fields. */
    @Test
    void addedFieldsAreDriftAndRepaired() {
        var before = declared();
        var edit = "-n " + installations.blueNamespace() + " patch ";
        sandbox.kubectl(
                edit + "networkpolicy inference-api-proxy --type=json -p"
                        + " [{\"op\":\"add\",\"path\":\"/spec/egress/-\",\"value\":{\"to\":[{\"ipBlock\":{\"cidr\":\"192.0.2.0/24\"}}]}}]");
        sandbox.kubectl(edit + "secret " + SECRET + " -p {\"stringData\":{\"added\":\"by-somebody\"}}");

        var drift = tenant("preview", "blue", "--drift", "--detailed-exitcode");
        assertEquals(3, drift.exit(), drift.output());
        assertTrue(drift.output().contains("192.0.2.0/24"), drift.output());
        assertTrue(drift.output().contains("Secret repair-blue/" + SECRET + ", changed"), drift.output());
        assertFalse(drift.output().contains("by-somebody"), drift.output());
        var listed = tenant("list", "blue").succeeded();
        assertTrue(listed.contains("2 objects edited"), listed);

        tenant("repair", "blue", "--yes").succeeded();
        assertEquals(before, declared());
        assertEquals(
                "### `blue`, drift: no changes",
                tenant("preview", "blue", "--drift", "--detailed-exitcode")
                        .succeeded()
                        .strip());
    }

    private Outcome tenant(String... arguments) {
        var command = new ArrayList<>(List.of("./tenant"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--cwd", project.directory().toString()));
        return project.sandbox().run(command.toArray(String[]::new));
    }

    private String declared() {
        return sandbox.kubectl(
                "-n " + installations.blueNamespace() + " get secret/" + SECRET
                        + " networkpolicy/inference-api-proxy --ignore-not-found -o jsonpath={range.items[*]}{.data}{.spec}{end}");
    }

    @Test
    void anUnreadyReleaseIsRolledBackAndItsReasonReported() {
        var values = Map.of(
                "inference-api-proxy",
                Map.of("service", Map.of("nodePort", 31682)),
                "pharia-iam",
                Map.of("service", Map.of("nodePort", 31683), "image", Map.of("tag", "no-such-image")));
        project.configure("blue", blue(Map.of("timeoutSeconds", "30", "values", values)));
        try {
            var failure = project.up("blue").failed();
            assertTrue(failure.contains("is not ready: container pharia-iam: ErrImagePull"), failure);
            assertTrue(failure.contains("no-such-image"), failure);
        } finally {
            project.configure("blue", blue(Map.of()));
        }
        project.up("blue").succeeded();
        api().awaitStatus("/model-settings", userToken(), 200);
    }

    @Test
    void aCrashingProxyIsReportedWithItsLastLogLine() {
        var proxy = Map.of("service", Map.of("nodePort", 31682), "env", Map.of("MAX_HEAD", "plenty"));
        var values = Map.of("inference-api-proxy", proxy, "pharia-iam", Map.of("service", Map.of("nodePort", 31683)));
        project.configure("blue", blue(Map.of("timeoutSeconds", "45", "values", values)));
        try {
            var failure = project.up("blue").failed();
            assertTrue(failure.contains("container inference-api-proxy: CrashLoopBackOff"), failure);
            assertTrue(failure.contains("its last log line: MAX_HEAD=plenty must be a number of bytes"), failure);
            assertTrue(failure.contains("docs/proxy-in-your-chart.md"), failure);
        } finally {
            project.configure("blue", blue(Map.of()));
        }
        project.up("blue").succeeded();
    }

    @Test
    void anExistingSecretIsNotOverwritten() {
        sandbox.kubectl("create namespace repair-others");
        try {
            sandbox.kubectl("-n repair-others create secret generic " + SECRET + " --from-literal=mine=1");
            var before = sandbox.kubectl("-n repair-others get secrets -o yaml");
            project.configure("others", blue(Map.of("namespace", "repair-others")));
            for (var refused : List.of(project.preview("others"), project.up("others"))) {
                assertTrue(refused.failed().contains("Secret repair-others/" + SECRET), refused.output());
                assertTrue(refused.output().contains("./tenant adopt others"), refused.output());
            }
            assertEquals(before, sandbox.kubectl("-n repair-others get secrets -o yaml"));
        } finally {
            project.pulumi("stack", "rm", "--force", "--yes", "others");
            sandbox.kubectl("delete namespace repair-others");
        }
    }

    /** Kubernetes rejects changes to immutable Secrets. The provider's error must not quote the new value. */
    @Test
    void anImmutableSecretIsReplacedAfterItsDeletion() {
        var before = declared();
        var token = sandbox.secret(installations.blueNamespace(), SECRET, "remote-inference-api-token");
        var secret = "-n " + installations.blueNamespace() + " %s secret " + SECRET;
        sandbox.kubectl(secret.formatted("patch") + " -p {\"immutable\":true}");
        try {
            sharedUrl(sandbox.url(31680) + "/elsewhere");
            var refused = project.up("blue");
            assertTrue(refused.failed().contains("immutable"), refused.output());
            assertNotContains(token, refused.output());
        } finally {
            sandbox.kubectl(secret.formatted("delete"));
            sharedUrl(sandbox.url(31680));
        }
        project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "blue")
                .succeeded();
        assertEquals(before, declared());
    }

    private void sharedUrl(String url) {
        var config = installations.shared("blue");
        config.put("inferenceApiUrl", url);
        project.configure("shared", config);
        project.up("shared").succeeded();
    }

    private static void assertNotContains(String token, String output) {
        var encoded = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        assertFalse(output.contains(token) || output.contains(encoded), "the output contains a token");
    }

    /** The first up of the stack failed halfway. */
    @Test
    void aPartlyDeployedStackIsDestroyedCompletely() {
        var values = Map.of(
                "inference-api-proxy",
                Map.of("service", Map.of("nodePort", 31684)),
                "pharia-iam",
                Map.of("service", Map.of("nodePort", 31685), "image", Map.of("tag", "no-such-image")));
        project.configure("half", blue(Map.of("namespace", "repair-half", "timeoutSeconds", "10", "values", values)));
        project.up("half").failed();
        assertFalse(sandbox.kubectl("get namespace repair-half --ignore-not-found -o name")
                .isBlank());
        project.destroy("half").succeeded();
        assertEquals("", sandbox.kubectl("get namespace repair-half --ignore-not-found -o name"));
        project.pulumi("stack", "rm", "--yes", "half").succeeded();
    }

    /** The provider compares the arguments of a release only; the chart's digest is one of them. */
    @Test
    void anEditedChartIsDeployed() throws IOException {
        var note = Files.writeString(
                chart.resolve("templates/note.yaml"),
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\ndata: {text: first}\n");
        project.up("blue").succeeded();
        Files.writeString(note, Files.readString(note).replace("first", "second"));
        var preview = project.preview("blue").succeeded();
        assertTrue(preview.contains("ConfigMap " + installations.blueNamespace() + "/note changed"), preview);
        project.up("blue").succeeded();
        assertEquals(
                "second",
                sandbox.kubectl(
                        "-n " + installations.blueNamespace() + " get configmap note -o jsonpath={.data.text}"));
        project.previewWithoutChanges("blue").succeeded();
    }

    @Test
    void anEmptyListReplacesAChartsDefault() {
        var values = sandbox.kubectl(
                "-n " + installations.blueNamespace() + " get configmap pharia-iam-users -o jsonpath={.data}");
        assertTrue(values.contains("\\\"permissions\\\":[]"), values);
    }

    @Test
    void aLockedStackIsReportedWithTheCommandThatUnlocksIt() throws IOException {
        var locks = Files.createDirectories(
                project.directory().resolve("backend/.pulumi/locks/organization/shared-inference/blue"));
        Files.writeString(
                locks.resolve("a.json"),
                "{\"pid\":1,\"username\":\"root\",\"hostname\":\"gone\",\"timestamp\":\"2026-01-01T00:00:00Z\"}");
        var refused = project.up("blue").failed();
        assertTrue(refused.contains("pulumi cancel"), refused);
        project.pulumi("cancel", "--yes", "--stack", "blue").succeeded();
        project.up("blue").succeeded();
    }

    @Test
    void errorsOfUsersAreReportedWithTheirHop() {
        sandbox.kubectl("-n " + installations.blueNamespace() + " scale deployment/pharia-iam --replicas=0");
        try {
            api().awaitStatus("/model-settings", "never-seen-before", 503);
            var verified = project.sandbox()
                    .with(Map.of("TENANT_USER_TOKEN", userToken()))
                    .run(
                            "./tenant",
                            "verify",
                            "blue",
                            "--cwd",
                            project.directory().toString());
            assertTrue(verified.failed().contains("IAM"), verified.output());
            assertFalse(verified.output().contains("blue is verified"), verified.output());
        } finally {
            sandbox.kubectl("-n " + installations.blueNamespace() + " scale deployment/pharia-iam --replicas=1");
            api().awaitStatus("/model-settings", userToken(), 200);
        }
    }

    private TenantApi api() {
        return new TenantApi(sandbox.url(31682));
    }

    private String userToken() {
        return sandbox.secret(installations.blueNamespace(), "pharia-iam-user-alice", "token");
    }
}
