package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharedinference.standins.server.Call;
import io.sharedinference.standins.server.HttpError;
import io.sharedinference.standins.server.StandInServer;
import io.sharedinference.standins.server.Token;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes: public ones, those that require a token, and jobs, which also require a permission. */
final class InferenceApi implements StandInServer.Handler {
    private static final Pattern TOKENIZER = Pattern.compile("GET /models/([^/]+)/tokenizer");

    private final InferenceConfig config;
    private final TokenCheck check;
    private final Main.Pause pause;

    InferenceApi(InferenceConfig config, TokenCheck check, Main.Pause pause) {
        this.config = config;
        this.check = check;
        this.pause = pause;
    }

    @Override
    public void handle(Call call) throws IOException {
        call.header("x-request-id").ifPresent(id -> call.note("request", id));
        switch (call.route()) {
            case "GET /version" -> call.text(200, config.version());
            case "GET /models_available" -> list(call, Responses::available);
            case "GET /model-settings" -> list(call, model -> model);
            default -> other(call);
        }
    }

    private void list(Call call, UnaryOperator<JsonNode> format) throws IOException {
        call.note("sub", check.authenticate(token(call)));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        config.models().stream().map(format).forEach(list::add);
        call.json(200, list);
    }

    private void other(Call call) throws IOException {
        Matcher tokenizer = TOKENIZER.matcher(call.route());
        if (tokenizer.matches()) {
            call.note("sub", check.authenticate(token(call)));
            call.json(200, Responses.tokenizer(model(call, tokenizer.group(1))));
            return;
        }
        job(
                call,
                Arrays.stream(Job.values())
                        .filter(job -> call.route().equals(job.route()))
                        .findFirst()
                        .orElseThrow(() -> new HttpError(404, "not_found", "unknown route: " + call.route())));
    }

    private void job(Call call, Job job) throws IOException {
        call.note("sub", check.authorizeJob(token(call)));
        JsonNode request = call.json();
        JsonNode model = model(
                call,
                Optional.ofNullable(request.path("model").textValue())
                        .orElse(config.models().getFirst().path("name").asText()));
        Pace pace = config.pace().overriddenBy(call);
        if (job.generates() && request.path("stream").asBoolean()) {
            new StreamedResponse(job, request, model, pace, pause).send(call);
        } else {
            pause.pass(job.generates() ? pace.delay().multipliedBy(pace.events()) : Duration.ZERO);
            call.json(200, Responses.of(job, request, model, pace));
        }
    }

    private JsonNode model(Call call, String name) {
        call.note("model", name);
        return config.model(name).orElseThrow(() -> new HttpError(404, "model_not_found", "unknown model: " + name));
    }

    private static Token token(Call call) {
        return call.bearer().orElseThrow(HttpError::unauthenticated);
    }
}
