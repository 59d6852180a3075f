package io.sharedinference.proxy.telemetry;

import java.util.HashMap;
import java.util.Map;

/** Routes in metrics and logs. They do not affect forwarding: unknown paths are OTHER. */
enum Route {
    VERSION("/version", ""),
    MODELS_AVAILABLE("/models_available", ""),
    MODEL_SETTINGS("/model-settings", ""),
    TOKENIZER("/models/{model}/tokenizer", ""),
    TOKENIZE("/tokenize", ""),
    DETOKENIZE("/detokenize", ""),
    CHAT("/chat/completions", "chat"),
    RESPONSES("/responses", "chat"),
    COMPLETIONS("/completions", "text_completion"),
    COMPLETE("/complete", "text_completion"),
    EMBED("/embed", "embeddings"),
    EMBEDDINGS("/embeddings", "embeddings"),
    SEMANTIC_EMBED("/semantic_embed", "embeddings"),
    BATCH_SEMANTIC_EMBED("/batch_semantic_embed", "embeddings"),
    INSTRUCTABLE_EMBED("/instructable_embed", "embeddings"),
    EVALUATE("/evaluate", "evaluate"),
    EXPLAIN("/explain", "explain"),
    STEERING_CONCEPTS("/steering_concepts", "steering_concepts"),
    TRANSLATE("/translate", "translate"),
    RERANK("/rerank", "rerank"),
    OTHER("other", "");

    private static final Map<String, Route> BY_PATH = byPath();
    private static final String VERSIONED = "/v1";

    private final String label;
    private final String operation;

    Route(String label, String operation) {
        this.label = label;
        this.operation = operation;
    }

    /** The route of a path without query; OpenAI's prefix {@code /v1} is ignored. */
    static Route of(String path) {
        String plain = path.startsWith("/v1/") ? path.substring(VERSIONED.length()) : path;
        Route known = BY_PATH.getOrDefault(plain, OTHER);
        return known == OTHER && plain.startsWith("/models/") && plain.endsWith("/tokenizer") ? TOKENIZER : known;
    }

    String label() {
        return label;
    }

    /** OpenTelemetry's operation name; empty for requests without a model. */
    String operation() {
        return operation;
    }

    /** Whether it has OpenAI's {@code stream_options}. */
    boolean hasStreamOptions() {
        return this == CHAT || this == COMPLETIONS;
    }

    private static Map<String, Route> byPath() {
        Map<String, Route> all = new HashMap<>();
        for (Route route : values()) {
            all.put(route.label, route);
        }
        all.remove(OTHER.label);
        all.remove(TOKENIZER.label);
        return Map.copyOf(all);
    }
}
