package io.sharedinference.proxy.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Remembers the IAM's decisions, bounded and for a short while. One call serves all who wait for the same token, a
 * token in use is asked about again before its time is over, and an IAM that fails again and again isn't waited for.
 *
 * <p>Anybody can make up tokens, so those of known users share nothing with others that a flood could exhaust: they
 * have a cache, permits for calls and a circuit breaker of their own.
 */
final class CachedAuthentication implements Authentication {
    private static final int CALLS_FOR_NEW_TOKENS = 128;
    private static final int CALLS_FOR_KNOWN_USERS = 64;
    /** Bytes of tokens that wait for a call, whether or not their clients still do. */
    private static final long MOST_WAITING = 8L * 1024 * 1024;
    private static final int WAITING_THREAD = 1024;
    private static final Decision CROWDED = new IamUnavailable("too many calls are waiting for it", false);

    private final IamClient iam;
    private final IamSettings settings;
    private final LongSupplier clock;
    private final AuthMetrics metrics;
    private final CacheKeys keys;
    private final Lane newTokens = new Lane(CALLS_FOR_NEW_TOKENS);
    private final Lane knownUsers = new Lane(CALLS_FOR_KNOWN_USERS);
    private final AtomicLong waiting = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cache<TokenDigest, CachedDecision> users;
    private final Cache<TokenDigest, CachedDecision> strangers;

    /** What calls of one kind share. */
    private record Lane(Semaphore permits, CircuitBreaker circuit) {
        Lane(int calls) {
            this(new Semaphore(calls, true), new CircuitBreaker());
        }
    }

    /** The {@code clock} is in nanoseconds, like {@link System#nanoTime()}. */
    CachedAuthentication(IamClient iam, IamSettings settings, AuthMetrics metrics, LongSupplier generation,
            LongSupplier clock) {
        this.iam = iam;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.keys = new CacheKeys(settings.permissions().question(), generation);
        this.users = cache(settings.cacheSize(), Duration.ofHours(1).plus(settings.longestUse()));
        this.strangers = cache(Math.max(1, settings.cacheSize() / 4), settings.longestUse());
        metrics.entries(() -> users.estimatedSize() + strangers.estimatedSize());
        // calls that wait for a class to be initialized keep their carriers: whoever does that must not need one
        Thread.ofPlatform().daemon().name("iam-prepare").start(iam::prepare);
    }

    private Cache<TokenDigest, CachedDecision> cache(int size, Duration kept) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfterWrite(kept)
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public CompletableFuture<Decision> decide(BearerToken token) {
        long now = clock.getAsLong();
        TokenDigest key = keys.of(token);
        CachedDecision known = users.getIfPresent(key);
        if (known == null || !known.holds(now)) {
            return askOnce(key, token, known != null, now).decision();
        }
        if (known.claimRefresh(now)) {
            refresh(key, token, known, now);
        }
        return counted(known).decision();
    }

    /** {@code user}: whether the IAM has vouched for this token before. */
    private CachedDecision askOnce(TokenDigest key, BearerToken token, boolean user, long now) {
        CachedDecision waited = strangers.getIfPresent(key);
        if (waited != null && waited.holds(now)) {
            return counted(waited);
        }
        Lane lane = user ? knownUsers : newTokens;
        if (!lane.circuit.permits(now)) {
            metrics.notAsked();
            return CachedDecision.of(settings, CircuitBreaker.OPEN, now);
        }
        CachedDecision asked = new CachedDecision(settings, now);
        CachedDecision current = strangers.asMap().compute(key, (same, known) ->
                known != null && known.holds(now) ? known : asked);
        if (current != asked) {
            return counted(current);
        }
        metrics.miss();
        ask(token, lane, decision -> {
            decided(key, asked, decision);
            asked.complete(decision);
        });
        return asked;
    }

    /** Users leave the place among strangers before others can hear of the decision. */
    private void decided(TokenDigest key, CachedDecision asked, Decision decision) {
        if (decision instanceof Allowed || decision instanceof Denied(String subject) && !subject.isEmpty()) {
            users.put(key, asked);
            strangers.asMap().remove(key, asked);
        }
    }

    private CachedDecision counted(CachedDecision known) {
        if (known.decision().isDone()) {
            metrics.hit();
        } else {
            metrics.joined();
        }
        return known;
    }

    /** An IAM that can't be asked changes nothing: what is known ends when it would have ended. */
    private void refresh(TokenDigest key, BearerToken token, CachedDecision known, long now) {
        if (!knownUsers.circuit.permits(now)) {
            return;
        }
        CachedDecision fresh = new CachedDecision(settings, now);
        ask(token, knownUsers, decision -> {
            fresh.complete(decision);
            metrics.refreshed(decision);
            if (!(decision instanceof IamUnavailable)) {
                users.asMap().replace(key, known, fresh);
            }
        });
    }

    private void ask(BearerToken token, Lane lane, Consumer<Decision> answer) {
        long size = token.length() + WAITING_THREAD;
        if (waiting.addAndGet(size) > MOST_WAITING && lane == newTokens) {
            waiting.addAndGet(-size);
            answer.accept(CROWDED);
            return;
        }
        threads.execute(() -> {
            boolean permitted = acquired(lane.permits);
            waiting.addAndGet(-size);
            answer.accept(permitted ? call(token, lane) : CROWDED);
        });
    }

    private boolean acquired(Semaphore permits) {
        try {
            return permits.tryAcquire(settings.callTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Decision call(BearerToken token, Lane lane) {
        long begun = System.nanoTime();
        try {
            Decision decision = iam.ask(token);
            metrics.asked(decision, System.nanoTime() - begun);
            lane.circuit.report(decision, clock.getAsLong());
            return decision;
        } finally {
            lane.permits.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        iam.close();
    }
}
