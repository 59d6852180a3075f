package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.project.ConfigFixtures;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of a release that are there, gone, or out of sight. */
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
    void whatIsGoneIsToldButForJobsThatEndByThemselves() {
        try (var server = new FakeCluster();
                var cluster = server.answer("/api/v1", kinds("v1", "ConfigMap", "configmaps"))
                        .answer("/apis/batch/v1", kinds("batch/v1", "Job", "jobs"))
                        .answer("/api/v1/namespaces/blue/configmaps/note", configMap("blue", "note", "a"))
                        .answer("/api/v1/namespaces/other/configmaps/elsewhere", configMap("other", "elsewhere", "c"))
                        .open(directory)) {
            var found = new LiveChart(
                            ConfigFixtures.tenantConfig(ConfigFixtures.tenant()).installation(), directory)
                    .compare(cluster, Manifest.parse(RELEASE, "blue").kept());
            assertEquals(
                    List.of("ConfigMap blue/gone removed"),
                    found.objects().stream()
                            .map(object -> object.object() + " " + object.kind().text())
                            .toList());
            var unread = found.notes().get(1);
            assertTrue(
                    unread.startsWith("Thing.example.com blue/one, Thing.example.com blue/two can't be read: "),
                    unread);
            assertEquals(2, found.notes().size(), found.notes().toString());
        }
    }

    @Test
    void fieldsThatOthersMayChangeAreNoDrift() {
        var keys = ConfigFixtures.tenant();
        keys.put("driftIgnore", "[\"ConfigMap/note:/data/note\"]");
        try (var server = new FakeCluster();
                var cluster = server.answer("/api/v1", kinds("v1", "ConfigMap", "configmaps"))
                        .answer("/api/v1/namespaces/blue/configmaps/note", configMap("blue", "note", "edited"))
                        .answer("/api/v1/namespaces/blue/configmaps/gone", configMap("blue", "gone", "edited"))
                        .open(directory)) {
            var release = RELEASE.split("---\n");
            var found = new LiveChart(ConfigFixtures.tenantConfig(keys).installation(), directory)
                    .compare(
                            cluster,
                            Manifest.parse(release[0] + "---\n" + release[1], "blue")
                                    .kept());
            assertEquals(
                    List.of("ConfigMap blue/gone"),
                    found.objects().stream().map(ObjectDiff::object).toList());
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
