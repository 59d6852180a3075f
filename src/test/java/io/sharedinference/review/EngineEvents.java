package io.sharedinference.review;

import com.pulumi.automation.events.EngineEvent;
import com.pulumi.automation.serialization.internal.LocalSerializer;
import java.util.ArrayList;
import java.util.List;

/** Engine events of one preview, in the engine's JSON. */
final class EngineEvents {

    private static final String URN = "urn:pulumi:tenant1::shared-inference::";

    private final List<String> lines = new ArrayList<>();

    /** @param states the JSON of {@code old} and {@code new}, and optionally {@code detailedDiff}: {@code "old": {…}, "new": {…}} */
    EngineEvents step(String op, String type, String name, String states) {
        return add("resourcePreEvent", metadata(op, type, name, states));
    }

    EngineEvents step(String op, String type, String name) {
        return step(op, type, name, "\"old\": {}, \"new\": {}");
    }

    EngineEvents outputs(String before, String after) {
        return add(
                "resOutputsEvent",
                metadata(
                        "same",
                        "pulumi:pulumi:Stack",
                        "shared-inference-tenant1",
                        "\"old\": {\"outputs\": " + before + "}, \"new\": {\"outputs\": " + after + "}"));
    }

    EngineEvents refreshed(String op, String type, String name, String states) {
        return add("resOutputsEvent", metadata(op, type, name, states));
    }

    EngineEvents error(String message) {
        return add("diagnosticEvent", """
                {"severity": "error", "color": "raw", "message": "<{%%reset%%}>%s<{%%reset%%}>\\n"}""".formatted(message));
    }

    PreviewEvents collected() {
        var events = new PreviewEvents();
        lines.forEach(line -> events.accept(new LocalSerializer().deserializeJson(line, EngineEvent.class)));
        return events;
    }

    private EngineEvents add(String kind, String event) {
        lines.add("{\"sequence\": 1, \"timestamp\": 1, \"" + kind + "\": " + event + "}");
        return this;
    }

    private static String metadata(String op, String type, String name, String states) {
        return """
                {"metadata": {"op": "%s", "type": "%s", "urn": "%s", "provider": "", %s}}""".formatted(op, type, URN + type + "::" + name, states);
    }
}
