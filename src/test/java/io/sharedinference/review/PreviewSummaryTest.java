package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.chart.ObjectDiff;
import io.sharedinference.chart.RenderedDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreviewSummaryTest {

    @Test
    void listsChangedResourcesWithoutContent() {
        var objects = new ArrayList<ObjectDiff>();
        objects.add(new ObjectDiff(ObjectDiff.Kind.ADDED, "Secret green/token", "+ data:\n+   token: '[secret]'"));
        for (var i = 10; i < 28; i++) {
            objects.add(new ObjectDiff(ObjectDiff.Kind.CHANGED, "ConfigMap green/c" + i, "- a\n+ b"));
        }
        var review = new Review(
                "green",
                Review.Purpose.UPDATE,
                List.of(
                        change(Operation.CREATE, "kubernetes:core/v1:Namespace", "tenant-namespace", List.of()),
                        change(
                                Operation.UPDATE,
                                "kubernetes:helm.sh/v3:Release",
                                "tenant-release",
                                List.of("values.a.b", "values[\"c.d\"]", "version")),
                        change(Operation.DELETE, "kubernetes:core/v1:Secret", "tenant-secret", List.of())),
                4,
                List.of(),
                Optional.of(new RenderedDiff(objects, List.of("Rendered without the cluster."))),
                List.of());
        assertEquals("""
                Stack green: 1 to delete, 1 to create, 1 to update, 4 unchanged
                  + Namespace tenant-namespace
                  ~ Release tenant-release: values, version
                  - Secret tenant-secret
                  Kubernetes objects: 1 added, 18 changed
                    + Secret green/token
                    ~ ConfigMap green/c10
                    ~ ConfigMap green/c11
                    ~ ConfigMap green/c12
                    ~ ConfigMap green/c13
                    ~ ConfigMap green/c14
                    ~ ConfigMap green/c15
                    ~ ConfigMap green/c16
                    ~ ConfigMap green/c17
                    ~ ConfigMap green/c18
                    ~ ConfigMap green/c19
                    ~ ConfigMap green/c20
                    ~ ConfigMap green/c21
                    ~ ConfigMap green/c22
                    ~ ConfigMap green/c23
                    … and 4 more
                  Rendered without the cluster.
                Full preview: ./tenant preview green""", new PreviewSummary(review).text());
    }

    private static Change change(Operation operation, String type, String name, List<String> paths) {
        return new Change(
                operation,
                type,
                name,
                false,
                paths.stream()
                        .map(path -> new Change.Property(path, Optional.of("before"), Optional.of("after")))
                        .toList());
    }
}
