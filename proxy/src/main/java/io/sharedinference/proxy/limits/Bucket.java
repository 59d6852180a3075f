package io.sharedinference.proxy.limits;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket with the capacity of one minute, refilled continuously. It can be overdrawn: the cost of a response is
 * known only at its end. Guarded by the lock of {@link RequestLimits}.
 */
final class Bucket {
    private static final double MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Limit limit;
    private final long perMinute;
    private double level;
    private long filledAt;

    /** Full at first. {@code perMinute} 0 is no limit. */
    Bucket(Limit limit, long perMinute, long now) {
        this.limit = limit;
        this.perMinute = perMinute;
        this.level = perMinute;
        this.filledAt = now;
    }

    /** The limit, if the bucket is empty. */
    Optional<ExceededLimit> excess(long now) {
        if (perMinute == 0) {
            return Optional.empty();
        }
        refill(now);
        return level >= 1
                ? Optional.empty()
                : Optional.of(limit.excess(perMinute, Math.max(0, (long) level), nanosUntil(1), nanosUntil(perMinute)));
    }

    void take(long count, long now) {
        if (perMinute > 0) {
            refill(now);
            level -= count;
        }
    }

    private void refill(long now) {
        if (now != filledAt) {
            level = Math.min(perMinute, level + (now - filledAt) / MINUTE_NANOS * perMinute);
            filledAt = now;
        }
    }

    private long nanosUntil(double wanted) {
        return (long) Math.ceil((wanted - level) * MINUTE_NANOS / perMinute);
    }
}
