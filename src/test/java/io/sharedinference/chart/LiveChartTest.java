package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.project.ConfigFixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Existing, deleted and unreadableable objects of a release. */
class LiveChartTest {

    private static final String RELEASE = """
            {apiVersion: v1, kind: ConfigMap, metadata: {name: note}, data: {note: a}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: gone}, data: {note: b}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: elsewhere, namespace: other}, data: {note: c}}
            ---
            {apiVersion: batch/v1, kind: Job, metadata: {name: done}, spec: {ttlSecondsAfterFinished: 60}}
            ---
            {apiVersion: example.com/v1, kind: Thing, metadata: {name: one}}
            ---
            {apiVersion: example.com/v1, kind: Thing, metadata: {name: two}}
            """;

    @TempDir
    Path directory;

    @Test
    void reportsDeletedObjectsExceptCompletedJobs() {
        try (var server = new FakeCluster();
                var cluster = server.answer("/api/v1", kinds("v1", "ConfigMap", "configmaps"))
                        .answer("/apis/batch/v1", kinds("batch/v1", "Job", "jobs"))
                        .answer("/api/v1/namespaces/blue/configmaps/note", configMap("blue", "note", "a"))
                        .answer("/api/v1/namespaces/other/configmaps/elsewhere", configMap("other", "elsewhere", "c"))
                        .open(directory)) {
            var found = new LiveChart(
                            ConfigFixtures.tenantConfig(ConfigFixtures.tenant()).installation(), directory, List.of())
                    .compare(cluster, Manifest.parse(RELEASE, "blue").asStored());
            assertEquals(
                    List.of("ConfigMap blue/gone removed"),
                    found.objects().stream()
                            .map(object -> object.object() + " " + object.kind().text())
                            .toList());
            var unreadable = found.notes().get(1);
            assertTrue(
                    unreadable.startsWith(
                            "Cannot check for drift: Thing.example.com blue/one, Thing.example.com blue/two: "),
                    unreadable);
            assertEquals(2, found.notes().size(), found.notes().toString());
        }
    }

    @Test
    void ignoresFieldsInDriftIgnore() {
        var keys = ConfigFixtures.tenant();
        keys.put("driftIgnore", "[\"ConfigMap/note:/data/note\"]");
        try (var server = new FakeCluster();
                var cluster = server.answer("/api/v1", kinds("v1", "ConfigMap", "configmaps"))
                        .answer("/api/v1/namespaces/blue/configmaps/note", configMap("blue", "note", "edited"))
                        .answer("/api/v1/namespaces/blue/configmaps/gone", configMap("blue", "gone", "edited"))
                        .open(directory)) {
            var release = RELEASE.split("---\n");
            var found = new LiveChart(ConfigFixtures.tenantConfig(keys).installation(), directory, List.of())
                    .compare(
                            cluster,
                            Manifest.parse(release[0] + "---\n" + release[1], "blue")
                                    .asStored());
            assertEquals(
                    List.of("ConfigMap blue/gone"),
                    found.objects().stream().map(ObjectDiff::object).toList());
        }
    }

    /** Pulumi's refresh reports missing objects, but neither added fields nor their writer. */
    @Test
    void reportsFieldsAddedToOwnObjectsWithWriterAndWithoutSecretValues() {
        var declared = List.<Map<?, ?>>of(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Secret",
                        "metadata",
                        Map.of("name", "own", "namespace", "blue"),
                        "data",
                        Map.of("token", "b3duLXRva2Vu")),
                Map.of("apiVersion", "v1", "kind", "Secret", "metadata", Map.of("name", "missing")));
        try (var server = new FakeCluster();
                var cluster = server.answer("/api/v1", kinds("v1", "Secret", "secrets"))
                        .answer("/api/v1/namespaces/blue/secrets/own", """
                                {"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "blue", "name": "own", "managedFields": [
                                  {"manager": "pulumi-kubernetes-1", "fieldsV1": {"f:data": {"f:token": {}}}},
                                  {"manager": "kubectl-edit", "time": "2026-01-03T00:00:00Z", "fieldsV1": {"f:data": {"f:added": {}}}}]},
                                 "data": {"token": "b3duLXRva2Vu", "added": "cGxhbnRlZC12YWx1ZQ=="}}""")
                        .open(directory)) {
            var found = new LiveChart(
                            ConfigFixtures.tenantConfig(ConfigFixtures.tenant()).installation(), directory, declared)
                    .compare(cluster, Manifest.EMPTY);
            assertEquals(
                    List.of("Secret blue/own changed"),
                    found.objects().stream()
                            .map(object -> object.object() + " " + object.kind().text())
                            .toList());
            var diff = found.objects().get(0).diff();
            assertTrue(diff.contains("+  added: '***'"), diff);
            assertFalse(diff.contains("planted") || diff.contains("cGxhbnRlZC12YWx1ZQ"), diff);
            assertTrue(
                    found.notes()
                            .contains("Secret blue/own was last modified by kubectl-edit at 2026-01-03T00:00:00Z."),
                    found.notes().toString());
        }
    }

    private static String kinds(String version, String kind, String plural) {
        return """
                {"kind": "APIResourceList", "groupVersion": "%s", "resources": [
                 {"name": "%s", "kind": "%s", "namespaced": true, "verbs": ["get"]}]}""".formatted(version, plural, kind);
    }

    private static String configMap(String namespace, String name, String note) {
        return """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "%s", "name": "%s"}, "data": {"note": "%s"}}""".formatted(namespace, name, note);
    }
}
