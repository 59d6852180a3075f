package io.sharedinference.proxy.limits;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One limit: its scope and what it counts. */
record Limit(Scope scope, Kind kind) {
    enum Scope {
        TENANT("", "of the tenant"),
        USER("user_", "per user"),
        MODEL("model_", "for the model"),
        MODEL_USER("model_user_", "per user for the model");

        private final String prefix;
        private final String words;

        Scope(String prefix, String words) {
            this.prefix = prefix;
            this.words = words;
        }
    }

    enum Kind {
        REQUESTS("requests in flight"),
        REQUESTS_PER_MINUTE("requests per minute"),
        TOKENS_PER_MINUTE("tokens per minute");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    static List<Limit> all() {
        return Arrays.stream(Scope.values())
                .flatMap(scope -> Arrays.stream(Kind.values()).map(kind -> new Limit(scope, kind)))
                .toList();
    }

    /** Its name in metrics. */
    String label() {
        return scope.prefix + kind.name().toLowerCase(Locale.ROOT);
    }

    private String setting() {
        if (scope == Scope.MODEL || scope == Scope.MODEL_USER) {
            return "MODEL_LIMITS";
        }
        return (kind == Kind.REQUESTS ? "MAX_" : "") + label().toUpperCase(Locale.ROOT);
    }

    ExceededLimit excess(long most, long remaining, long retryNanos, long resetNanos) {
        return new ExceededLimit(
                label(),
                "the limit of %d %s %s is reached (%s)".formatted(most, kind.words, scope.words, setting()),
                kind == Kind.TOKENS_PER_MINUTE,
                most,
                remaining,
                retryNanos,
                resetNanos);
    }
}
