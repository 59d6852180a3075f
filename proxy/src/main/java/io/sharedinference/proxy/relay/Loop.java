package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.upstream.Flushes;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.UpstreamPool;
import io.sharedinference.proxy.usage.BodyScan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the connections of one event loop share. Used on that loop only. */
final class Loop {
    /** At least this long is between two sweeps. */
    static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop eventLoop;
    private final UpstreamPool pool;
    private final Flushes flushes;
    private final RelaySettings settings;
    private final Authentication authentication;
    private final Supplier<SecretState> secret;
    private final AccessLog accessLog;
    private final Drain drain;
    private final LoopMetrics metrics;
    private final byte[] scanned = new byte[8 * 1024];
    private final RequestParser requests;
    private final ResponseParser responses = new ResponseParser();
    private final Set<Holder> connections = new HashSet<>();
    private final MemoryAccount memory;
    private long nextSweep;

    Loop(EventLoop eventLoop, UpstreamPool pool, RelaySettings settings, Authentication authentication,
            Supplier<SecretState> secret, AccessLog accessLog, LoopMetrics metrics, Drain drain) {
        this.eventLoop = eventLoop;
        this.pool = pool;
        this.flushes = pool.flushes();
        this.settings = settings;
        this.authentication = authentication;
        this.secret = secret;
        this.accessLog = accessLog;
        this.metrics = metrics;
        this.drain = drain;
        this.nextSweep = System.nanoTime() + SWEEP_NANOS;
        Limits limits = settings.limits();
        this.requests = new RequestParser(settings.requests(), limits.body(), limits.token());
        this.memory = new MemoryAccount(limits.memoryLimit() / Runtime.getRuntime().availableProcessors());
        // last, since it runs on another thread
        eventLoop.scheduleWithFixedDelay(this::sweep, SWEEP_NANOS, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Ends what has waited too long, on every connection. */
    private void sweep() {
        long now = System.nanoTime();
        nextSweep = now + SWEEP_NANOS;
        pool.sweep(now);
        // a copy, since connections that close take themselves out
        List.copyOf(connections).forEach(connection -> connection.sweep(now));
        relieve();
    }

    /** The time, coarse but cheap: that of the next sweep, so that what is measured by it never ends early. */
    long now() {
        return nextSweep;
    }

    MemoryAccount memory() {
        return memory;
    }

    /** Makes room when too much is held; not to be called while a connection or an exchange is at work. */
    void relieve() {
        if (memory.full()) {
            accessLog.warn(Trouble.OVERLOADED, "more than MEMORY_LIMIT is held", "");
            memory.shed();
        }
    }

    void add(Holder connection) {
        connections.add(connection);
    }

    void remove(Holder connection) {
        connections.remove(connection);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    UpstreamPool pool() {
        return pool;
    }

    Flushes flushes() {
        return flushes;
    }

    RelaySettings settings() {
        return settings;
    }

    Authentication authentication() {
        return authentication;
    }

    /** The shared API, if the Secret can be used. */
    Optional<Target> target() {
        return switch (secret.get()) {
            case SecretState.Usable(Target usable) -> Optional.of(usable);
            case SecretState.Unusable unusable -> Optional.empty();
        };
    }

    AccessLog accessLog() {
        return accessLog;
    }

    /** Begins the record of a request that arrives now. */
    AccessEntry begin(String method, String path, long traceHigh, long traceLow, Client client) {
        return new AccessEntry(accessLog, metrics, method, path, traceHigh, traceLow, client.requestScan(),
                client.answerScan());
    }

    /** For bodies of one connection; all of a loop share the room to work in. */
    BodyScan scan() {
        return new BodyScan(scanned);
    }

    Drain drain() {
        return drain;
    }

    RequestParser requests() {
        return requests;
    }

    ResponseParser responses() {
        return responses;
    }
}
