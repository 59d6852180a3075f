package io.sharedinference.proxy.relay;

import java.util.concurrent.TimeUnit;

/** Whether a client sends its body fast enough: single bytes would avoid the idle timeout. Confined to its event loop. */
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

    /** Adds {@code nanos} of waiting for the client, which has {@code sent} that many bytes so far. */
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
