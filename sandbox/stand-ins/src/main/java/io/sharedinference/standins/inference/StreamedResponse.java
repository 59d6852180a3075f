package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.standins.server.Call;
import io.sharedinference.standins.server.EventStream;
import java.io.IOException;

/** A response as server-sent events, in the format of {@code complete} or {@code chat/completions}. */
record StreamedResponse(Job job, JsonNode request, JsonNode model, Pace pace, Main.Pause pause) {
    void send(Call call) throws IOException {
        try (EventStream events = call.events()) {
            pieces(call, events);
            if (job == Job.CHAT) {
                chatEnd(events);
            } else {
                completeEnd(events);
            }
        }
        call.note("ended", "complete");
    }

    private void pieces(Call call, EventStream events) throws IOException {
        Echo echo = Echo.of(request, pace);
        for (int sent = 0; sent < pace.events(); sent++) {
            call.note("events", sent);
            events.send(piece(echo.piece(sent), sent).toString());
            pause.pass(pace.delay());
        }
        call.note("events", pace.events());
    }

    private JsonNode piece(String text, int index) {
        if (job == Job.COMPLETE) {
            return object().put("type", "stream_chunk").put("index", 0).put("completion", text);
        }
        ObjectNode delta = object();
        if (index == 0) {
            delta.put("role", "assistant");
        }
        return chunk(delta.put("content", text));
    }

    private void completeEnd(EventStream events) throws IOException {
        events.send(object().put("type", "stream_summary")
                .put("index", 0)
                .put("model_version", Responses.MODEL_VERSION)
                .put("finish_reason", "maximum_tokens")
                .toString());
        events.send(Responses.tokenTotals(object().put("type", "completion_summary"), Echo.of(request, pace))
                .toString());
    }

    private void chatEnd(EventStream events) throws IOException {
        ObjectNode last = chunk(object());
        ((ObjectNode) last.path("choices").path(0)).put("finish_reason", "stop");
        events.send(last.toString());
        if (request.path("stream_options").path("include_usage").asBoolean()) {
            ObjectNode usage = Responses.chat("chat.completion.chunk", model);
            usage.putArray("choices");
            usage.set("usage", Responses.usage(Echo.of(request, pace)));
            events.send(usage.toString());
        }
        events.send("[DONE]");
    }

    private ObjectNode chunk(ObjectNode delta) {
        ObjectNode chunk = Responses.chat("chat.completion.chunk", model);
        chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .putNull("finish_reason")
                .set("delta", delta);
        return chunk;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
