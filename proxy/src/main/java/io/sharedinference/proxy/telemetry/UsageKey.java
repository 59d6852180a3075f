package io.sharedinference.proxy.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON keys of OpenAI's APIs and of PhariaInference's {@code complete}, with the level of their object: 1 for the document, 2 for its usage. */
enum UsageKey {
    MODEL(1, "model"),
    USAGE(1, "usage"),
    RESPONSE(1, "response"),
    PROMPT_TOTAL(1, "num_tokens_prompt_total"),
    GENERATED(1, "num_tokens_generated"),
    PROMPT(2, "prompt_tokens"),
    COMPLETION(2, "completion_tokens"),
    TOTAL(2, "total_tokens"),
    INPUT(2, "input_tokens"),
    OUTPUT(2, "output_tokens"),
    OTHER(0, "");

    private static final UsageKey[] ALL = values();

    private final int level;
    private final byte[] name;

    UsageKey(int level, String name) {
        this.level = level;
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    static UsageKey of(byte[] text, int length, int level) {
        for (UsageKey key : ALL) {
            if (key.level == level && Arrays.equals(key.name, 0, key.name.length, text, 0, length)) {
                return key;
            }
        }
        return OTHER;
    }

    boolean counts() {
        return switch (this) {
            case PROMPT_TOTAL, GENERATED, PROMPT, COMPLETION, TOTAL, INPUT, OUTPUT -> true;
            case MODEL, USAGE, RESPONSE, OTHER -> false;
        };
    }
}
