package io.sharedinference.proxy.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * Remembers the IAM's decisions, bounded and for a short while. One call serves all who wait for the same token, a
 * token in use is asked about again before its time is over, and an IAM that fails again and again isn't waited for.
 */
final class CachedAuthentication implements Authentication {
    private final IamClient iam;
    private final IamSettings settings;
    private final LongSupplier clock;
    private final AuthMetrics metrics;
    private final TokenKeys keys;
    private final Circuit circuit = new Circuit();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cache<TokenDigest, Remembered> decisions;

    /** The {@code clock} is in nanoseconds, like {@link System#nanoTime()}. */
    CachedAuthentication(IamClient iam, IamSettings settings, AuthMetrics metrics, LongSupplier generation,
            LongSupplier clock) {
        this.iam = iam;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.keys = new TokenKeys(settings.permissions().question(), generation);
        this.decisions = Caffeine.newBuilder()
                .maximumSize(settings.cacheSize())
                .expireAfterWrite(settings.longestUse())
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
        metrics.entries(decisions::estimatedSize);
        threads.execute(iam::prepare);
    }

    @Override
    public CompletableFuture<Decision> decide(BearerToken token) {
        long now = clock.getAsLong();
        TokenDigest key = keys.of(token);
        Remembered known = decisions.getIfPresent(key);
        if (known == null || !known.holds(now)) {
            return askOnce(key, token, now).decision();
        }
        if (known.claimRefresh(now)) {
            refresh(key, token, known, now);
        }
        return counted(known).decision();
    }

    private Remembered askOnce(TokenDigest key, BearerToken token, long now) {
        if (!circuit.permits(now)) {
            metrics.notAsked();
            return Remembered.of(settings, Circuit.OPEN, now);
        }
        Remembered asked = new Remembered(settings, now);
        Remembered current = decisions.asMap().compute(key, (same, known) ->
                known != null && known.holds(now) ? known : asked);
        if (current != asked) {
            return counted(current);
        }
        metrics.miss();
        ask(token, asked);
        return asked;
    }

    private Remembered counted(Remembered known) {
        if (known.decision().isDone()) {
            metrics.hit();
        } else {
            metrics.joined();
        }
        return known;
    }

    /** An IAM that can't be asked changes nothing: what is known ends when it would have ended. */
    private void refresh(TokenDigest key, BearerToken token, Remembered known, long now) {
        if (!circuit.permits(now)) {
            return;
        }
        Remembered fresh = new Remembered(settings, now);
        fresh.decision().thenAccept(decision -> {
            metrics.refreshed(decision);
            if (!(decision instanceof IamUnavailable)) {
                decisions.asMap().replace(key, known, fresh);
            }
        });
        ask(token, fresh);
    }

    private void ask(BearerToken token, Remembered asked) {
        threads.execute(() -> {
            long begun = System.nanoTime();
            Decision decision = iam.ask(token);
            metrics.asked(decision, System.nanoTime() - begun);
            circuit.tell(decision, clock.getAsLong());
            asked.complete(decision);
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
        iam.close();
    }
}
