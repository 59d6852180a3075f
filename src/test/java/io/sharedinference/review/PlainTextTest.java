package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.chart.ObjectDiff;
import io.sharedinference.chart.RenderedDiff;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainTextTest {

    @Test
    void showsEveryChangeWithoutMarkup() {
        var review = new Review(
                "tenant1",
                Review.Purpose.UPDATE,
                List.of(new Change(
                        Operation.UPDATE,
                        "kubernetes:helm.sh/v3:Release",
                        "tenant-release",
                        false,
                        List.of(new Change.Property("values.replicas", Optional.of("2"), Optional.of("3"))))),
                4,
                List.of(),
                Optional.of(new RenderedDiff(
                        List.of(new ObjectDiff(ObjectDiff.Kind.CHANGED, "Deployment tenant1/x", "-  a: 1\n+  a: 2")),
                        List.of("A note."))),
                List.of());
        assertEquals("""
                tenant1: 1 to update, 4 unchanged, Kubernetes objects: 1 changed
                  ! A note.
                  ~ update kubernetes:helm.sh/v3:Release tenant-release
                    values.replicas: 2 → 3
                  Deployment tenant1/x, changed
                    -  a: 1
                    +  a: 2
                """, PlainText.of(review));
    }

    @Test
    void showsFailureFirst() {
        var text = PlainText.of(new Review(
                "tenant1",
                Review.Purpose.UPDATE,
                List.of(),
                0,
                List.of(),
                Optional.empty(),
                List.of("no context gpu.\nFix: choose another one.")));
        assertTrue(text.startsWith("tenant1: the preview failed\n  ! no context gpu."), text);
        assertFalse(text.contains("#") || text.contains("`"), text);
    }
}
