package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.chart.ObjectDiff.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: proxy}
            spec:
              replicas: 1
              strategy: {type: Recreate}
            """;

    @Test
    void ignoresOrderAndFormatting() {
        var same = """
                # Source: chart/templates/proxy.yaml
                kind: Deployment
                apiVersion: apps/v1
                spec: {strategy: {type: "Recreate"}, replicas: 1}
                metadata: {name: proxy}
                """;
        assertEquals(List.of(), compare(DEPLOYMENT, same, same));
    }

    @Test
    void showsChangedObjectAsUnifiedDiff() {
        var changed = DEPLOYMENT.replace("replicas: 1", "replicas: 2");
        assertEquals(
                List.of(new ObjectDiff(Kind.CHANGED, "Deployment ns/proxy", """
                @@ -3,6 +3,6 @@
                 metadata:
                   name: proxy
                 spec:
                -  replicas: 1
                +  replicas: 2
                   strategy:
                     type: Recreate
                """)),
                compare(DEPLOYMENT, changed, changed));
    }

    @Test
    void showsAddedAndRemovedObjectsCompletely() {
        var service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: proxy\n";
        assertEquals(
                List.of(new ObjectDiff(
                        Kind.ADDED,
                        "Service ns/proxy",
                        "+apiVersion: v1\n+kind: Service\n+metadata:\n+  name: proxy\n")),
                compare("", service, service));
        assertEquals(
                List.of(new ObjectDiff(
                        Kind.REMOVED,
                        "Service ns/proxy",
                        "-apiVersion: v1\n-kind: Service\n-metadata:\n-  name: proxy\n")),
                compare(service, "", ""));
    }

    @Test
    void distinguishesNamespacesAndGroups() {
        var objects = """
                {apiVersion: v1, kind: Service, metadata: {name: a}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: a, namespace: other}}
                ---
                {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}}
                """;
        assertEquals(
                List.of("Service ns/a", "Service other/a", "Service.serving.knative.dev ns/a"),
                compare("", objects, objects).stream().map(ObjectDiff::object).toList());
    }

    @Test
    void ignoresGeneratedValues() {
        assertEquals(List.of(), compare(certificate("live", 1), certificate("first", 1), certificate("second", 1)));
    }

    @Test
    void showsChangesBesideGeneratedValues() {
        var diffs = compare(certificate("live", 1), certificate("first", 2), certificate("second", 2));
        assertEquals(1, diffs.size());
        assertTrue(diffs.get(0).diff().contains("-  days: 1\n+  days: 2"), diffs.toString());
        assertFalse(diffs.get(0).diff().contains("first"), diffs.toString());
    }

    @Test
    void notesObjectsWithGeneratedNames() {
        var comparison = comparison("", job("a"), job("b"));
        assertEquals(List.of(), comparison.objects());
        assertEquals(
                List.of("Not compared, because the chart generates a new name on each rendering: Job ns/migrate-a."),
                comparison.notes());
    }

    @Test
    void masksValuesOfSecrets() {
        var diffs = compare(
                secret("planted-old", "kept-value"),
                secret("planted-new", "kept-value"),
                secret("planted-new", "kept-value"));
        assertEquals(List.of(new ObjectDiff(Kind.CHANGED, "Secret ns/token", """
                @@ -1,7 +1,7 @@
                 apiVersion: v1
                 data:
                   kept: '***'
                -  token: '*** (before)'
                +  token: '*** (after)'
                 kind: Secret
                 metadata:
                   name: token
                """)), diffs);
    }

    @Test
    void masksValuesOfSecretsInOtherObjects() {
        var copies = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c, annotations: {"a": "x planted-new y", "b": "%s"}}
                data: {env: "URL=https://u:planted-new@h"}
                """.formatted(base64("planted-new"));
        var after = secret("planted-new", "k") + "---\n" + copies;
        var text = compare("", after, after).toString();
        assertFalse(text.contains("planted") || text.contains(base64("planted-new")), text);
        assertTrue(text.contains("ConfigMap ns/c"), text);
    }

    private static String certificate(String value, int days) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  ca: " + value + "\n  days: " + days
                + "\n";
    }

    private static String job(String suffix) {
        return "{apiVersion: batch/v1, kind: Job, metadata: {name: migrate-" + suffix + "}}";
    }

    private static String secret(String token, String kept) {
        return "apiVersion: v1\nkind: Secret\nmetadata: {name: token}\ndata: {token: %s, kept: %s}\n"
                .formatted(base64(token), base64(kept));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<ObjectDiff> compare(String before, String after, String afterAgain) {
        return comparison(before, after, afterAgain).objects();
    }

    private static Comparison comparison(String before, String after, String afterAgain) {
        return new Comparison(
                Manifest.parse(before, "ns"), Manifest.parse(after, "ns"), Manifest.parse(afterAgain, "ns"));
    }
}
