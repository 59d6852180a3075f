package io.sharedinference.proxy.limits;

import io.sharedinference.proxy.limits.Limit.Kind;
import io.sharedinference.proxy.limits.Limit.Scope;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The quota of one tenant, user or model, and its usage. Guarded by the lock of {@link RequestLimits}. */
final class Allowance {
    /** An estimate, since it is unknown when a request in flight ends. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Limit inFlightLimit;
    private final long most;
    private final Bucket requests;
    private final Bucket tokens;
    private long inFlight;

    Allowance(Scope scope, Quota quota, long now) {
        this.inFlightLimit = new Limit(scope, Kind.REQUESTS);
        this.most = quota.requests();
        this.requests = new Bucket(new Limit(scope, Kind.REQUESTS_PER_MINUTE), quota.requestsPerMinute(), now);
        this.tokens = new Bucket(new Limit(scope, Kind.TOKENS_PER_MINUTE), quota.tokensPerMinute(), now);
    }

    /** The limit per minute that a request exceeds. */
    Optional<ExceededLimit> rateExcess(boolean usesTokens, long now) {
        Optional<ExceededLimit> excess = requests.excess(now);
        return excess.isPresent() || !usesTokens ? excess : tokens.excess(now);
    }

    /** Whether one more may be in flight. */
    boolean hasRoom() {
        return most == 0 || inFlight < most;
    }

    /** The limit on requests in flight, which is reached. */
    ExceededLimit inFlightExcess() {
        return inFlightLimit.excess(most, 0, RETRY_NANOS, RETRY_NANOS);
    }

    /** Counts a request that was not refused. */
    void arrived(long now) {
        requests.take(1, now);
    }

    void began() {
        inFlight++;
    }

    void ended(long usedTokens, long now) {
        inFlight--;
        tokens.take(usedTokens, now);
    }
}
