package io.sharedinference.proxy.telemetry;

import java.util.OptionalLong;

/** Token usage of one response. Not thread-safe. */
final class TokenCount {
    private static final long UNKNOWN = -1;

    private long prompt = UNKNOWN;
    private long completion = UNKNOWN;
    private long total = UNKNOWN;

    /** Prompt tokens. */
    OptionalLong prompt() {
        return known(prompt);
    }

    /** Completion tokens. */
    OptionalLong completion() {
        return known(completion);
    }

    /** The total, as reported or as the sum. */
    OptionalLong total() {
        return total == UNKNOWN && prompt != UNKNOWN && completion != UNKNOWN
                ? OptionalLong.of(prompt + completion)
                : known(total);
    }

    /** Whether the response reported no usage. */
    boolean unknown() {
        return prompt == UNKNOWN && completion == UNKNOWN;
    }

    void clear() {
        prompt = UNKNOWN;
        completion = UNKNOWN;
        total = UNKNOWN;
    }

    void count(UsageKey key, long number) {
        switch (key) {
            case PROMPT, INPUT, PROMPT_TOTAL -> prompt = number;
            case COMPLETION, OUTPUT, GENERATED -> completion = number;
            case TOTAL -> total = number;
            case MODEL, USAGE, RESPONSE, OTHER -> {}
        }
    }

    private static OptionalLong known(long count) {
        return count == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
