package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.auth.Authentication;
import io.sharedinference.proxy.http.ContentKind;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.http.ResponseParser;
import io.sharedinference.proxy.limits.RequestLimits;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.telemetry.AccessLog;
import io.sharedinference.proxy.telemetry.OperatorWarning;
import io.sharedinference.proxy.telemetry.UsageScanner;
import io.sharedinference.proxy.telemetry.WorkerMetrics;
import io.sharedinference.proxy.upstream.FlushQueue;
import io.sharedinference.proxy.upstream.SecretState;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.UpstreamPool;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the connections of one event loop share. Confined to that event loop. */
final class Worker {
    /** The minimum time between two timeout checks. */
    static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop eventLoop;
    private final UpstreamPool pool;
    private final FlushQueue flushes;
    private final RelaySettings settings;
    private final Authentication authentication;
    private final RequestLimits requestLimits;
    private final Supplier<SecretState> secret;
    private final AccessLog accessLog;
    private final DrainState drain;
    private final WorkerMetrics metrics;
    private final byte[] scanned = new byte[8 * 1024];
    private final RequestRewriter requests;
    private final ResponseParser responses = new ResponseParser();
    private final Optional<StreamUsage> streamUsage;
    private final Set<TrackedConnection> connections = new HashSet<>();
    private final MemoryAccount memory;
    private long nextSweep = System.nanoTime() + SWEEP_NANOS;

    Worker(EventLoop eventLoop, UpstreamPool pool, WorkerMetrics metrics, WorkerContext context) {
        this.eventLoop = eventLoop;
        this.pool = pool;
        this.flushes = pool.flushes();
        this.metrics = metrics;
        this.settings = context.settings();
        this.authentication = context.authentication();
        this.requestLimits = context.requestLimits();
        this.secret = context.secret();
        this.accessLog = context.accessLog();
        this.drain = context.drain();
        Limits limits = settings.limits();
        this.requests = new RequestRewriter(settings.requests(), limits);
        this.streamUsage =
                settings.streamUsageBody().stream().mapToObj(StreamUsage::new).findFirst();
        this.memory =
                new MemoryAccount(limits.memoryLimit() / Runtime.getRuntime().availableProcessors());
        // last, since it runs on another thread
        eventLoop.scheduleWithFixedDelay(this::sweep, SWEEP_NANOS, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Checks the timeouts of all connections. */
    private void sweep() {
        long now = System.nanoTime();
        nextSweep = now + SWEEP_NANOS;
        pool.sweep(now);
        // a copy, since closed connections remove themselves
        List.copyOf(connections).forEach(connection -> connection.sweep(now));
        relieve();
    }

    /** The coarse time: that of the next check, so that timeouts never expire early. */
    long now() {
        return nextSweep;
    }

    MemoryAccount memory() {
        return memory;
    }

    /** Frees memory over the limit. Must not be called while a connection or an exchange is processing. */
    void relieve() {
        if (memory.full()) {
            accessLog.warn(OperatorWarning.OVERLOADED, "connections use more than MEMORY_LIMIT", "");
            memory.shedMemory();
        }
    }

    void add(TrackedConnection connection) {
        connections.add(connection);
    }

    void remove(TrackedConnection connection) {
        connections.remove(connection);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    UpstreamPool pool() {
        return pool;
    }

    FlushQueue flushes() {
        return flushes;
    }

    RelaySettings settings() {
        return settings;
    }

    Authentication authentication() {
        return authentication;
    }

    RequestLimits requestLimits() {
        return requestLimits;
    }

    /** The shared API, if the Secret is usable. */
    Optional<Target> target() {
        return switch (secret.get()) {
            case SecretState.Usable(Target usable) -> Optional.of(usable);
            case SecretState.Unusable unusable -> Optional.empty();
        };
    }

    AccessLog accessLog() {
        return accessLog;
    }

    /** Begins the access log entry of the request that was parsed last. */
    AccessEntry begin(Request request, Client client) {
        return begin(
                request.method(),
                request.path(),
                requests.trace().high(),
                requests.trace().low(),
                client);
    }

    /** Begins the access log entry of a request that could not be parsed. */
    AccessEntry beginUnparsed(Client client) {
        return begin("", "", 0, 0, client);
    }

    private AccessEntry begin(String method, String path, long traceHigh, long traceLow, Client client) {
        return new AccessEntry(
                accessLog, metrics, method, path, traceHigh, traceLow, client.requestScan(), client.responseScan());
    }

    /** For the bodies of one connection. All scanners of an event loop share a buffer. */
    UsageScanner scan() {
        return new UsageScanner(scanned);
    }

    /** A buffer for the bytes of bodies while they are parsed. */
    byte[] scanned() {
        return scanned;
    }

    /** How the body of the request that was parsed last is held; empty if it is forwarded as it arrives. */
    Optional<BodyHold> bodyHold(Request request, UsageScanner scan, AccessEntry entry) {
        Optional<BodyHold> change = streamUsage
                .filter(usage -> usage.holds(request, scan, entry))
                .map(usage -> new BodyHold(usage.maxBody(), Optional.of(usage)));
        boolean model = requestLimits.byModel()
                && entry.usesTokens()
                && scan.kind() == ContentKind.JSON
                && !request.body().complete();
        return change.isPresent() || !model
                ? change
                : Optional.of(new BodyHold(BodyHold.MAX_BODY_WITH_MODEL, Optional.empty()));
    }

    DrainState drain() {
        return drain;
    }

    RequestRewriter requests() {
        return requests;
    }

    ResponseParser responses() {
        return responses;
    }
}
