package io.sharedinference.standins.inference;

/** The operations of POST requests. */
enum Job {
    COMPLETE("complete"),
    CHAT("chat/completions"),
    TOKENIZE("tokenize"),
    DETOKENIZE("detokenize"),
    EMBED("embed"),
    EMBEDDINGS("embeddings"),
    SEMANTIC_EMBED("semantic_embed"),
    BATCH_SEMANTIC_EMBED("batch_semantic_embed"),
    INSTRUCTABLE_EMBED("instructable_embed"),
    EVALUATE("evaluate"),
    EXPLAIN("explain"),
    STEERING_CONCEPTS("steering_concepts"),
    TRANSLATE("translate"),
    RERANK("rerank");

    private final String path;

    Job(String path) {
        this.path = path;
    }

    String route() {
        return "POST /" + path;
    }

    /** Whether the response is generated text, which can be streamed. */
    boolean generates() {
        return this == COMPLETE || this == CHAT;
    }
}
