package io.sharedinference.proxy.auth;

import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One call to the IAM and how long its decision is valid. Validity counts from the start of the call: the token may have
 * been revoked while a slow response was on its way. Thread-safe.
 */
final class CachedDecision {
    private static final int REFRESH_FRACTION = 4;
    private static final int RETRY_FRACTION = 8;

    private final IamSettings settings;
    private final long startedAt;
    private final CompletableFuture<Decision> decision = new CompletableFuture<>();
    private final AtomicLong refreshAt;
    private volatile long expiresAt;

    /** For a call that starts now; other requests may wait for its decision. */
    CachedDecision(IamSettings settings, long now) {
        this.settings = settings;
        this.startedAt = now;
        this.expiresAt = now + settings.maxLifetime().toNanos();
        this.refreshAt = new AtomicLong(expiresAt);
    }

    /** A decision that needs no call. */
    static CachedDecision of(IamSettings settings, Decision decision, long now) {
        CachedDecision known = new CachedDecision(settings, now);
        known.complete(decision);
        return known;
    }

    /** Never fails; completes on the calling thread. */
    CompletableFuture<Decision> decision() {
        return decision;
    }

    boolean valid(long now) {
        return now - expiresAt < 0;
    }

    /** Whether to refresh now; true for one caller only. */
    boolean claimRefresh(long now) {
        long due = refreshAt.get();
        return now - due >= 0
                && refreshAt.compareAndSet(due, now + settings.allowTtl().toNanos() / RETRY_FRACTION);
    }

    void complete(Decision made) {
        long ttl = ttl(made).toNanos();
        expiresAt = startedAt + ttl;
        if (made instanceof Allowed) {
            refreshAt.set(expiresAt - ttl / REFRESH_FRACTION);
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
