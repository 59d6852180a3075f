package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.limits.ExceededLimit;
import java.util.concurrent.TimeUnit;

/** The header lines of a response to a request over a limit, in the format of OpenAI's API. */
final class RateLimitHeaders {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private RateLimitHeaders() {}

    /** Each line with its CRLF. */
    static String of(ExceededLimit excess) {
        String kind = excess.tokens() ? "tokens" : "requests";
        return "Retry-After: " + Math.max(1, seconds(excess.retryNanos())) + "\r\n"
                + "x-ratelimit-limit-" + kind + ": " + excess.most() + "\r\n"
                + "x-ratelimit-remaining-" + kind + ": " + excess.remaining() + "\r\n"
                + "x-ratelimit-reset-" + kind + ": " + duration(seconds(excess.resetNanos())) + "\r\n";
    }

    /** Rounded up, so that the next attempt is not too early. */
    private static long seconds(long nanos) {
        return (nanos + SECOND - 1) / SECOND;
    }

    /** As Go's time.Duration, such as 1m30s. */
    private static String duration(long seconds) {
        long minutes = seconds / 60;
        return (minutes >= 60 ? minutes / 60 + "h" : "") + (minutes > 0 ? minutes % 60 + "m" : "") + seconds % 60 + "s";
    }
}
