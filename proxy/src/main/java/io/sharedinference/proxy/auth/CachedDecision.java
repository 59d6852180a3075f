package io.sharedinference.proxy.auth;

import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One question to the IAM and how long its answer may be used. Time counts from the asking: when an answer was slow,
 * the token may have been revoked long before it came. Thread-safe.
 */
final class CachedDecision {
    private static final int REFRESH_EARLIER = 4;
    private static final int REFRESH_AGAIN = 8;

    private final IamSettings settings;
    private final long askedAt;
    private final CompletableFuture<Decision> decision = new CompletableFuture<>();
    private final AtomicLong refreshAt;
    private volatile long endsAt;

    /** For a question that is asked now; until it is answered, others may wait for the same answer. */
    CachedDecision(IamSettings settings, long now) {
        this.settings = settings;
        this.askedAt = now;
        this.endsAt = now + settings.longestUse().toNanos();
        this.refreshAt = new AtomicLong(endsAt);
    }

    /** What is known without asking. */
    static CachedDecision of(IamSettings settings, Decision decision, long now) {
        CachedDecision known = new CachedDecision(settings, now);
        known.complete(decision);
        return known;
    }

    /** Never fails; completes on the thread that asked. */
    CompletableFuture<Decision> decision() {
        return decision;
    }

    boolean holds(long now) {
        return now - endsAt < 0;
    }

    /** Whether it is time to ask again, once for all who would. */
    boolean claimRefresh(long now) {
        long due = refreshAt.get();
        return now - due >= 0
                && refreshAt.compareAndSet(due, now + settings.allowTtl().toNanos() / REFRESH_AGAIN);
    }

    void complete(Decision made) {
        long ttl = ttl(made).toNanos();
        endsAt = askedAt + ttl;
        if (made instanceof Allowed) {
            refreshAt.set(endsAt - ttl / REFRESH_EARLIER);
        }
        decision.complete(made);
    }

    private Duration ttl(Decision made) {
        return switch (made) {
            case Allowed allowed -> settings.allowTtl();
            case Unauthenticated unauthenticated -> settings.denyTtl();
            case Denied denied -> settings.denyTtl();
            case IamUnavailable unavailable -> Duration.ZERO;
        };
    }
}
