package io.sharedinference.proxy.auth;

import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stops calls to a failing IAM. Opens if at least half of the latest calls failed, then permits one probe per interval,
 * even while the previous one hangs. The first success closes it. Only outages count as failures: any response with a
 * status below 500 shows that the IAM works.
 * Thread-safe.
 */
final class CircuitBreaker {
    static final int FAILURES_TO_OPEN = 5;
    static final int LATEST_CALLS = 20;
    static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    static final Decision OPEN = new IamUnavailable("the circuit breaker is open: most recent calls failed", false);

    private static final int WINDOW = (1 << LATEST_CALLS) - 1;

    private final AtomicLong probeAt = new AtomicLong();
    private volatile boolean open;
    private int failed;
    private int calls;

    boolean permits(long now) {
        if (!open) {
            return true;
        }
        long due = probeAt.get();
        return now - due >= 0 && probeAt.compareAndSet(due, now + PROBE_NANOS);
    }

    /** Records the result of a call. */
    synchronized void report(Decision decision, long now) {
        boolean failure = decision instanceof IamUnavailable unavailable && unavailable.outage();
        if (open) {
            open = failure;
            return;
        }
        failed = (failed << 1 | (failure ? 1 : 0)) & WINDOW;
        calls = Math.min(calls + 1, LATEST_CALLS);
        int failures = Integer.bitCount(failed);
        if (failures >= FAILURES_TO_OPEN && 2 * failures >= calls) {
            probeAt.set(now + PROBE_NANOS);
            open = true;
            failed = 0;
            calls = 0;
        }
    }
}
