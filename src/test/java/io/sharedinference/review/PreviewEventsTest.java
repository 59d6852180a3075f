package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreviewEventsTest {

    private static final String REFERENCE = "pulumi:pulumi:StackReference";

    /** A new tenant or a rotation changes outputs of the shared stack, but no resource of the tenants that read them. */
    @Test
    void ignoresChangedOutputsOfReferencedStacks() {
        var events = new EngineEvents()
                .step("refresh", REFERENCE, "shared")
                .refreshed(
                        "update",
                        REFERENCE,
                        "shared",
                        "\"old\": {\"outputs\": {\"tenants\": [\"a\"]}}, \"new\": {\"outputs\": {\"tenants\": [\"a\", \"b\"]}}")
                .collected();
        assertTrue(review(events).hasNothingToReport());
    }

    @Test
    void reportsChangedResources() {
        var events = new EngineEvents()
                .step("refresh", "kubernetes:networking.k8s.io/v1:NetworkPolicy", "policy")
                .refreshed(
                        "update",
                        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                        "policy",
                        "\"old\": {\"outputs\": {\"spec\": {}}}, \"new\": {\"outputs\": {\"spec\": {\"egress\": []}}}")
                .collected();
        assertFalse(review(events).hasNothingToReport());
        assertEquals(1, review(events).changes().size());
    }

    private static Review review(PreviewEvents events) {
        return events.review("tenant1", Review.Purpose.DRIFT, Optional.empty(), List.of());
    }
}
