package io.sharedinference.proxy.relay;

import java.util.concurrent.TimeUnit;

/** Whether a client that is waited for sends fast enough: a byte now and then would keep idleness away. Confined to its event loop. */
final class MinimumBodyRate {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long rate;
    private final long period;
    private long waited;
    private long before;

    MinimumBodyRate(Limits limits) {
        this.rate = limits.bodyRate();
        this.period = limits.bodyRatePeriod().toNanos();
    }

    /** Told of each {@code nanos} in which the client was waited for, and what it sent so far. */
    boolean tooSlow(long nanos, long sent) {
        waited += nanos;
        if (waited < period) {
            return false;
        }
        boolean slow = sent - before < rate * (waited / SECOND);
        waited = 0;
        before = sent;
        return slow;
    }
}
