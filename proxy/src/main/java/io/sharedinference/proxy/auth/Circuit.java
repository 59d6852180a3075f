package io.sharedinference.proxy.auth;

import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows whether it makes sense to ask the IAM. When it failed several times in a row, only a few may try, at fixed
 * intervals and whether or not the one before is back, since that may hang; the first success lets everybody in.
 * Thread-safe.
 */
final class Circuit {
    static final int FAILURES_TO_OPEN = 5;
    static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    static final Decision OPEN = new IamUnavailable("it failed several times in a row, and is tried again shortly");

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong probeAt = new AtomicLong();

    boolean permits(long now) {
        if (failures.get() < FAILURES_TO_OPEN) {
            return true;
        }
        long due = probeAt.get();
        return now - due >= 0 && probeAt.compareAndSet(due, now + PROBE_NANOS);
    }

    /** Any answer of the IAM's, a refusal included, shows that it works. */
    void tell(Decision decision, long now) {
        if (!(decision instanceof IamUnavailable)) {
            failures.set(0);
        } else if (failures.updateAndGet(count -> Math.min(count + 1, FAILURES_TO_OPEN + 1)) == FAILURES_TO_OPEN) {
            probeAt.set(now + PROBE_NANOS);
        }
    }
}
