package io.sharedinference.review;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Response;

/** Delay before a retry; see docs.github.com, "Rate limits for the REST API". */
final class Backoff {

    private Backoff() {}

    /** Empty if a retry cannot succeed. */
    static Optional<Duration> after(Response response, int attempt, Instant now) {
        if (response.code() >= 500) {
            return Optional.of(seconds(response, "Retry-After").orElse(backoff(attempt)));
        }
        boolean limited = response.code() == 429
                || response.code() == 403
                        && (response.header("Retry-After") != null
                                || "0".equals(response.header("x-ratelimit-remaining")));
        if (!limited) {
            return Optional.empty();
        }
        return Optional.of(seconds(response, "Retry-After")
                .or(() -> seconds(response, "x-ratelimit-reset")
                        .map(reset -> reset.minusSeconds(now.getEpochSecond()).plusSeconds(1)))
                .filter(wait -> !wait.isNegative())
                .orElse(backoff(attempt)));
    }

    static Duration backoff(int attempt) {
        return Duration.ofSeconds(1L << attempt);
    }

    private static Optional<Duration> seconds(Response response, String header) {
        return Optional.ofNullable(response.header(header))
                .filter(value -> value.matches("\\d{1,12}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }
}
