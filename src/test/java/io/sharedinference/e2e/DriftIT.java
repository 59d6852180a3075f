package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.review.FakeGitHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The nightly drift check reports manual edits in the cluster. */
@ExtendWith(SandboxExtension.class)
class DriftIT {

    private static final String NAMESPACE = "drift";

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private Project project;

    @AfterEach
    void cleanUp() {
        if (project != null) {
            project.destroy("edited");
        }
    }

    @Test
    void theSandboxHasNoDrift(Sandbox running) {
        for (var stack : List.of("shared", "tenant1")) {
            assertEquals(
                    "### `" + stack + "`, drift: no changes",
                    running.run(
                                    "./tenant",
                                    "preview",
                                    stack,
                                    "--drift",
                                    "--cwd",
                                    running.project().toString())
                            .succeeded()
                            .strip());
        }
    }

    @Test
    void anIssueShowsTheDriftAndIsClosedAfterTheRepair(Sandbox running) throws IOException {
        sandbox = running;
        project = new Project(sandbox, Files.createDirectory(directory.resolve("project")));
        var config = sandbox.config("shared");
        config.putAll(Map.of(
                "namespace",
                NAMESPACE,
                "tenants",
                List.of(),
                "chart",
                chart(),
                "valuesFiles",
                List.of(),
                "values",
                Map.of(),
                "protect",
                "false"));
        project.configure("edited", config);
        project.up("edited").succeeded();
        try (var gitHub = new FakeGitHub()) {
            assertEquals("### `edited`, drift: no changes", drift(gitHub).strip());
            assertEquals(List.of(), gitHub.issues());

            edit();
            var report = drift(gitHub);
            assertTrue(report.contains("-  replicas: 0\n+  replicas: 1"), report);
            assertTrue(report.contains("+        - name: ADDED\n+          value: by-hand"), report);
            assertTrue(report.contains("ConfigMap drift/note, removed"), report);
            assertTrue(report.contains("Deployment drift/idle was last modified by kubectl-set at 2"), report);
            assertTrue(report.contains("Secret drift/password, changed"), report);
            assertFalse(report.contains("first-password") || report.contains("second-password"), report);
            assertTrue(report.contains("Fix: ./tenant repair edited"), report);
            assertEquals(List.of("open Drift: edited"), gitHub.issues());

            repair();
            assertEquals("### `edited`, drift: no changes", drift(gitHub).strip());
            assertEquals(List.of("closed Drift: edited"), gitHub.issues());
        }
    }

    private void edit() {
        sandbox.kubectl("-n drift set env deployment/idle ADDED=by-hand");
        sandbox.kubectl("-n drift scale deployment/idle --replicas=1");
        sandbox.kubectl("-n drift delete configmap note");
        sandbox.kubectl("-n drift patch secret password -p {\"stringData\":{\"password\":\"second-password\"}}");
        sandbox.kubectl("-n drift rollout restart deployment/idle"); // not drift
    }

    /** Runs the fix that the issue shows. */
    private void repair() {
        project.sandbox()
                .run(
                        "./tenant",
                        "repair",
                        "edited",
                        "--yes",
                        "--cwd",
                        project.directory().toString())
                .succeeded();
        assertFalse(sandbox.kubectl("-n drift get deployment idle -o jsonpath={.spec.template.spec.containers[0].env}")
                .contains("ADDED"));
        assertEquals("as deployed", sandbox.kubectl("-n drift get configmap note -o jsonpath={.data.note}"));
    }

    /** Checks one stack, as the nightly workflow does. */
    private String drift(FakeGitHub gitHub) throws IOException {
        var previews = Files.createTempDirectory(directory, "previews").toString();
        var withGitHub = project.sandbox().with(gitHub.environment());
        var report = withGitHub
                .run(
                        "./tenant",
                        "preview",
                        "edited",
                        "--drift",
                        "--cwd",
                        project.directory().toString(),
                        "--output",
                        previews)
                .succeeded();
        withGitHub
                .run("./tenant", "comment", previews, "--issues", "--author", "bot")
                .succeeded();
        return report;
    }

    private String chart() throws IOException {
        var chart = directory.resolve("chart");
        Files.createDirectories(chart.resolve("templates"));
        Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: idle\nversion: 1.0.0\n");
        Files.writeString(chart.resolve("templates/objects.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: note}
                data: {note: as deployed}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: password}
                stringData: {password: first-password}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: idle, annotations: null}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: idle}}
                  template:
                    metadata: {labels: {app: idle}}
                    spec:
                      nodeSelector: {nowhere: here}
                      containers:
                      - name: idle
                        image: registry.invalid/idle
                        env: [{name: EMPTY, value: ""}, {name: SET, value: "1"}]
                        ports: [{containerPort: 80}]
                        resources: {limits: {cpu: 1000m, memory: 1024Mi}}
                """);
        return chart.toString();
    }
}
