package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.UpstreamPool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the connections of one event loop share. Used on that loop only. */
final class Loop {
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop eventLoop;
    private final UpstreamPool pool;
    private final RelaySettings settings;
    private final Authentication authentication;
    private final Supplier<SecretState> secret;
    private final AccessLog accessLog;
    private final Drain drain;
    private final RequestParser requests = new RequestParser();
    private final ResponseParser responses = new ResponseParser();
    private final Set<ClientConnection> connections = new HashSet<>();
    private long nextSweep;

    Loop(EventLoop eventLoop, UpstreamPool pool, RelaySettings settings, Authentication authentication,
            Supplier<SecretState> secret, AccessLog accessLog, Drain drain) {
        this.eventLoop = eventLoop;
        this.pool = pool;
        this.settings = settings;
        this.authentication = authentication;
        this.secret = secret;
        this.accessLog = accessLog;
        this.drain = drain;
        this.nextSweep = System.nanoTime() + SWEEP_NANOS;
        eventLoop.scheduleWithFixedDelay(this::sweep, SWEEP_NANOS, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Ends what has waited too long, on every connection. */
    private void sweep() {
        long now = System.nanoTime();
        nextSweep = now + SWEEP_NANOS;
        pool.sweep(now);
        // a copy, since connections that close take themselves out
        List.copyOf(connections).forEach(connection -> connection.sweep(now));
    }

    /** The time, coarse but cheap: that of the next sweep, so that what is measured by it never ends early. */
    long now() {
        return nextSweep;
    }

    void add(ClientConnection connection) {
        connections.add(connection);
    }

    void remove(ClientConnection connection) {
        connections.remove(connection);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    UpstreamPool pool() {
        return pool;
    }

    RelaySettings settings() {
        return settings;
    }

    Authentication authentication() {
        return authentication;
    }

    SecretState secret() {
        return secret.get();
    }

    AccessLog accessLog() {
        return accessLog;
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
