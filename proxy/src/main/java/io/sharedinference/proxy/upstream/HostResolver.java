package io.sharedinference.proxy.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Resolves host names. Concurrent lookups of a name are shared and have a timeout. If a lookup fails or is slow, the last
 * known addresses are used. Failures are not cached. Thread-safe.
 */
public final class HostResolver {
    /** The platform's resolver, which blocks. */
    interface Resolver {
        InetAddress[] lookUp(String host) throws IOException;
    }

    private static final long STALE_AFTER_MILLIS = 500;

    private final Resolver resolver;
    private final Duration timeout;
    private final Map<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();

    HostResolver(Resolver resolver, Duration timeout) {
        this.resolver = resolver;
        this.timeout = timeout;
    }

    /** The addresses of a host; none if the lookup fails or times out. Never fails; completes on any thread. */
    CompletableFuture<List<InetAddress>> addresses(String host) {
        CompletableFuture<List<InetAddress>> lookup = running.computeIfAbsent(host, this::begin);
        Optional<List<InetAddress>> stale = Optional.ofNullable(known.get(host));
        long wait = stale.isPresent() ? Math.min(STALE_AFTER_MILLIS, timeout.toMillis()) : timeout.toMillis();
        return lookup.copy()
                .completeOnTimeout(List.of(), wait, TimeUnit.MILLISECONDS)
                .thenApply(found -> found.isEmpty() ? stale.orElse(found) : found);
    }

    /** On a platform thread: a lookup that hangs in native code would pin a carrier of virtual threads. */
    private CompletableFuture<List<InetAddress>> begin(String host) {
        CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("resolve").start(() -> {
            List<InetAddress> found = lookUp(host);
            if (!found.isEmpty()) {
                known.put(host, found);
            }
            running.remove(host, lookup);
            lookup.complete(found);
        });
        return lookup;
    }

    private List<InetAddress> lookUp(String host) {
        try {
            return List.of(resolver.lookUp(host));
        } catch (IOException e) {
            return List.of();
        }
    }
}
