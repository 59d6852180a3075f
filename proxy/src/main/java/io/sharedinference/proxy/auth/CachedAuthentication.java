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
 * Caches the IAM's decisions for a short time. Concurrent requests with the same token share one call, tokens in use are
 * refreshed before they expire, and a circuit breaker stops calls to an IAM that keeps failing.
 *
 * <p>Anybody can invent tokens, so known users are isolated from them: they have their own cache, call permits and
 * circuit breaker.
 */
final class CachedAuthentication implements Authentication {
    static final int CALLS_FOR_NEW_TOKENS = 128;
    private static final int CALLS_FOR_KNOWN_USERS = 64;
    /** Bytes of tokens that wait for a call, even if their clients have disconnected. */
    private static final long MAX_WAITING_BYTES = 8L * 1024 * 1024;

    private static final long BYTES_PER_WAITING_CALL = 1024;
    private static final Decision TOO_MANY_CALLS = new IamUnavailable("too many calls to the IAM are waiting", false);

    private final IamClient iam;
    private final IamSettings settings;
    private final LongSupplier clock;
    private final AuthMetrics metrics;
    private final CacheKeys keys;
    private final Bulkhead newTokens = new Bulkhead(CALLS_FOR_NEW_TOKENS);
    private final Bulkhead knownUsers = new Bulkhead(CALLS_FOR_KNOWN_USERS);
    private final AtomicLong waiting = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cache<TokenDigest, CachedDecision> verified;
    private final Cache<TokenDigest, CachedDecision> unverified;

    /** The resources that calls of one kind share. */
    private record Bulkhead(Semaphore permits, CircuitBreaker circuit) {
        Bulkhead(int calls) {
            this(new Semaphore(calls, true), new CircuitBreaker());
        }
    }

    /** The {@code clock} is in nanoseconds, like {@link System#nanoTime()}. */
    CachedAuthentication(
            IamClient iam, IamSettings settings, AuthMetrics metrics, LongSupplier generation, LongSupplier clock) {
        this.iam = iam;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.keys = new CacheKeys(settings.permissions().checkUserBody(), generation);
        this.verified = cache(settings.cacheSize(), Duration.ofHours(1).plus(settings.maxLifetime()));
        this.unverified = cache(Math.max(1, settings.cacheSize() / 4), settings.maxLifetime());
        metrics.entries(() -> verified.estimatedSize() + unverified.estimatedSize());
        // virtual threads that wait for class initialization pin their carriers, so a platform thread initializes
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
        CachedDecision known = verified.getIfPresent(key);
        if (known == null || !known.valid(now)) {
            return callOnce(key, token, known != null, now).decision();
        }
        if (known.claimRefresh(now)) {
            refresh(key, token, known, now);
        }
        return counted(known).decision();
    }

    /** {@code knownUser}: whether the IAM has accepted this token before. */
    private CachedDecision callOnce(TokenDigest key, BearerToken token, boolean knownUser, long now) {
        CachedDecision waited = unverified.getIfPresent(key);
        if (waited != null && waited.valid(now)) {
            return counted(waited);
        }
        Bulkhead bulkhead = knownUser ? knownUsers : newTokens;
        if (!bulkhead.circuit.permits(now)) {
            metrics.circuitOpen();
            return CachedDecision.of(settings, CircuitBreaker.OPEN, now);
        }
        CachedDecision started = new CachedDecision(settings, now);
        CachedDecision current =
                unverified.asMap().compute(key, (same, known) -> known != null && known.valid(now) ? known : started);
        if (current != started) {
            return counted(current);
        }
        metrics.miss();
        callIam(token, bulkhead, decision -> {
            decided(key, started, decision);
            started.complete(decision);
        });
        return started;
    }

    /** Known users move to their own cache before the decision is published. */
    private void decided(TokenDigest key, CachedDecision started, Decision decision) {
        if (decision instanceof Allowed || decision instanceof Denied(String subject) && !subject.isEmpty()) {
            verified.put(key, started);
            unverified.asMap().remove(key, started);
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

    /** If the IAM is unavailable, the cached decision stays and expires as before. */
    private void refresh(TokenDigest key, BearerToken token, CachedDecision known, long now) {
        if (!knownUsers.circuit.permits(now)) {
            return;
        }
        CachedDecision fresh = new CachedDecision(settings, now);
        callIam(token, knownUsers, decision -> {
            fresh.complete(decision);
            metrics.refreshed(decision);
            if (!(decision instanceof IamUnavailable)) {
                verified.asMap().replace(key, known, fresh);
            }
        });
    }

    private void callIam(BearerToken token, Bulkhead bulkhead, Consumer<Decision> callback) {
        long size = token.length() + BYTES_PER_WAITING_CALL;
        if (waiting.addAndGet(size) > MAX_WAITING_BYTES && bulkhead.equals(newTokens)) {
            waiting.addAndGet(-size);
            callback.accept(TOO_MANY_CALLS);
            return;
        }
        threads.execute(() -> {
            boolean permitted = acquired(bulkhead.permits);
            waiting.addAndGet(-size);
            callback.accept(permitted ? call(token, bulkhead) : TOO_MANY_CALLS);
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

    private Decision call(BearerToken token, Bulkhead bulkhead) {
        long begun = System.nanoTime();
        try {
            Decision decision = iam.checkUser(token);
            metrics.called(decision, System.nanoTime() - begun);
            bulkhead.circuit.report(decision, clock.getAsLong());
            return decision;
        } finally {
            bulkhead.permits.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        iam.close();
    }
}
