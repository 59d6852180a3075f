package io.sharedinference.proxy.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.Denied;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Remembers the IAM's decisions, bounded and for a short while; one call serves all who wait for the same token. */
final class CachedAuthentication implements Authentication {
    private static final int LARGEST = 50_000;

    private final IamClient iam;
    private final byte[] question;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AsyncCache<TokenDigest, Decision> decisions;

    CachedAuthentication(IamClient iam, IamSettings settings) {
        this.iam = iam;
        this.question = settings.permissions().question();
        this.decisions = Caffeine.newBuilder()
                .maximumSize(LARGEST)
                .expireAfter(Expiry.<TokenDigest, Decision>creating((key, decision) -> ttl(settings, decision)))
                .executor(Runnable::run)
                .buildAsync();
    }

    @Override
    public CompletableFuture<Decision> decide(BearerToken token) {
        TokenDigest key = TokenDigest.of(question, token);
        CompletableFuture<Decision> decision = ask(key, token);
        // the cache drops what has no time to live a little after those who waited have it
        if (decision.isDone() && decision.join() instanceof IamUnavailable) {
            decisions.asMap().remove(key, decision);
            return ask(key, token);
        }
        return decision;
    }

    private CompletableFuture<Decision> ask(TokenDigest key, BearerToken token) {
        return decisions.get(key, (missing, executor) ->
                CompletableFuture.supplyAsync(() -> iam.ask(token), threads)
                        .exceptionally(e -> new IamUnavailable(e.getClass().getSimpleName())));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        iam.close();
    }

    private static Duration ttl(IamSettings settings, Decision decision) {
        return switch (decision) {
            case Allowed allowed -> settings.allowTtl();
            case Unauthenticated unauthenticated -> settings.denyTtl();
            case Denied denied -> settings.denyTtl();
            case IamUnavailable unavailable -> Duration.ZERO;
        };
    }
}
