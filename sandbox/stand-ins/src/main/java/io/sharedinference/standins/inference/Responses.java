package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/** Small, plausible responses that depend on the request only. Each token is one character, its id the code point. */
final class Responses {
    static final String MODEL_VERSION = "stand-in-1";
    private static final int CREATED = 1_767_225_600;

    private Responses() {}

    static JsonNode of(Job job, JsonNode request, JsonNode model, Pace pace) {
        Echo echo = Echo.of(request, pace);
        return switch (job) {
            case COMPLETE -> complete(echo);
            case CHAT -> chat(echo, model);
            case TOKENIZE -> tokenize(echo.text());
            case DETOKENIZE -> object().put("result", detokenize(request.path("token_ids")));
            case EMBED -> embed(echo);
            case EMBEDDINGS -> embeddings(request, model);
            case SEMANTIC_EMBED, INSTRUCTABLE_EMBED -> semanticEmbed(echo);
            case BATCH_SEMANTIC_EMBED -> batch(request);
            case EVALUATE -> evaluate(request, echo);
            case EXPLAIN -> explain(request, echo);
            case STEERING_CONCEPTS -> object().put("id", "_worker/stand-in/" + Integer.toHexString(request.hashCode()));
            case TRANSLATE ->
                object().put("translation", echo.text())
                        .put("target_language", request.path("target_language").asText());
            case RERANK -> rerank(request);
        };
    }

    /** A model in the format of {@code models_available}. */
    static JsonNode available(JsonNode settings) {
        return object().put("name", settings.path("name").asText())
                .put("description", settings.path("description").asText())
                .put("max_context_size", settings.path("max_context_size").asInt())
                .put("image_support", settings.path("multimodal").asBoolean())
                .put("embedding_type", settings.path("embedding_type").textValue());
    }

    static JsonNode tokenizer(JsonNode model) {
        ObjectNode tokenizer = object().put("version", "1.0");
        tokenizer
                .putObject("model")
                .put("type", "Characters")
                .put("name", model.path("name").asText());
        return tokenizer;
    }

    /** The members that all chat responses and chunks begin with. */
    static ObjectNode chat(String kind, JsonNode model) {
        return object().put("id", "chatcmpl-stand-in")
                .put("object", kind)
                .put("created", CREATED)
                .put("model", model.path("name").asText());
    }

    static ObjectNode usage(Echo echo) {
        return object().put("prompt_tokens", echo.promptTokens())
                .put("completion_tokens", echo.pace().events())
                .put("total_tokens", echo.promptTokens() + echo.pace().events());
    }

    static ObjectNode tokenTotals(ObjectNode response, Echo echo) {
        return response.put("num_tokens_prompt_total", echo.promptTokens())
                .put("num_tokens_generated", echo.pace().events());
    }

    private static JsonNode complete(Echo echo) {
        ObjectNode response = versioned();
        response.putArray("completions")
                .addObject()
                .put("completion", echo.completion())
                .put("finish_reason", "maximum_tokens");
        return tokenTotals(response, echo);
    }

    private static JsonNode chat(Echo echo, JsonNode model) {
        ObjectNode response = chat("chat.completion", model);
        ObjectNode choice =
                response.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", echo.completion());
        response.set("usage", usage(echo));
        return response;
    }

    private static JsonNode tokenize(String text) {
        ObjectNode response = object();
        ArrayNode tokens = response.putArray("tokens");
        ArrayNode ids = response.putArray("token_ids");
        text.codePoints().forEach(id -> {
            tokens.add(Character.toString(id));
            ids.add(id);
        });
        return response;
    }

    private static String detokenize(JsonNode ids) {
        StringBuilder text = new StringBuilder();
        ids.valueStream()
                .mapToInt(JsonNode::asInt)
                .filter(Character::isValidCodePoint)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static JsonNode embed(Echo echo) {
        ObjectNode response = versioned().put("num_tokens_prompt_total", echo.promptTokens());
        response.putObject("embeddings").putObject("layer_0").set("mean", vector(echo.text()));
        return response;
    }

    private static JsonNode embeddings(JsonNode request, JsonNode model) {
        ObjectNode response =
                object().put("object", "list").put("model", model.path("name").asText());
        ArrayNode data = response.putArray("data");
        for (String text : Echo.texts(request.path("input")).toList()) {
            data.addObject()
                    .put("object", "embedding")
                    .put("index", data.size() - 1)
                    .set("embedding", vector(text));
        }
        response.putObject("usage").put("prompt_tokens", data.size()).put("total_tokens", data.size());
        return response;
    }

    private static JsonNode semanticEmbed(Echo echo) {
        ObjectNode response = versioned().put("num_tokens_prompt_total", echo.promptTokens());
        response.set("embedding", vector(echo.text()));
        return response;
    }

    private static JsonNode batch(JsonNode request) {
        ObjectNode response = versioned();
        ArrayNode embeddings = response.putArray("embeddings");
        Echo.texts(request.path("prompts")).map(Responses::vector).forEach(embeddings::add);
        return response.put("num_tokens_prompt_total", embeddings.size());
    }

    private static JsonNode evaluate(JsonNode request, Echo echo) {
        String expected = request.path("completion_expected").asText();
        ObjectNode response = versioned();
        response.putObject("result")
                .put("log_probability", -1.0)
                .put("correct_greedy", echo.text().contains(expected))
                .put("token_count", expected.length())
                .put("completion", echo.text());
        return response.put("num_tokens_prompt_total", echo.promptTokens());
    }

    private static JsonNode explain(JsonNode request, Echo echo) {
        ObjectNode response = versioned();
        ObjectNode explanation = response.putArray("explanations")
                .addObject()
                .put("target", request.path("target").asText());
        explanation
                .putArray("items")
                .addObject()
                .put("type", "text")
                .putArray("scores")
                .addObject()
                .put("start", 0)
                .put("length", echo.text().length())
                .put("score", 1.0);
        return response;
    }

    private static JsonNode rerank(JsonNode request) {
        ObjectNode response = object().put("id", "rerank-stand-in");
        ArrayNode results = response.putArray("results");
        List<String> documents = Echo.texts(request.path("documents")).toList();
        for (String document : documents) {
            int index = results.size();
            results.addObject()
                    .put("index", index)
                    .put("relevance_score", 1.0 / (index + 1))
                    .putObject("document")
                    .put("text", document);
        }
        return response;
    }

    private static ArrayNode vector(String text) {
        ArrayNode vector = JsonNodeFactory.instance.arrayNode();
        Arrays.stream(Echo.vector(text)).forEach(vector::add);
        return vector;
    }

    private static ObjectNode versioned() {
        return object().put("model_version", MODEL_VERSION);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
