package io.sharedinference.proxy.telemetry;

import java.util.OptionalLong;

/** Tokens of one answer. Changes while the answer passes; not thread-safe. */
public final class TokenCount {
    private static final long UNKNOWN = -1;

    private long prompt = UNKNOWN;
    private long completion = UNKNOWN;
    private long total = UNKNOWN;

    /** Tokens that went in. */
    public OptionalLong prompt() {
        return known(prompt);
    }

    /** Tokens that came out. */
    public OptionalLong completion() {
        return known(completion);
    }

    /** Both, as the answer says or as they add up. */
    public OptionalLong total() {
        return total == UNKNOWN && prompt != UNKNOWN && completion != UNKNOWN
                ? OptionalLong.of(prompt + completion) : known(total);
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
            case MODEL, USAGE, OTHER -> { }
        }
    }

    private static OptionalLong known(long count) {
        return count == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
