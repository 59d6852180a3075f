package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.telemetry.OperatorWarning;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.UpstreamConnection;
import io.sharedinference.proxy.upstream.UpstreamHandler;
import java.util.Optional;

/**
 * One request and its response: admit, connect, forward, respond. The request body waits in the client connection until
 * it can be forwarded. Confined to its event loop.
 */
final class Exchange implements AccessControl.Requester, UpstreamHandler {
    private final Worker worker;
    private final Client client;
    private final Request request;
    private final AccessEntry entry;
    private final UpstreamResponse response;
    private final Optional<Target> target;
    private final AccessControl access;
    private final UpstreamRequest upstreamRequest;
    private final ExchangeTimeouts timeouts;
    private Optional<UpstreamConnection> upstream = Optional.empty();
    private boolean permitted;
    private boolean continued;
    private boolean ended;

    /** For the request that was parsed last. Without a usable Secret there is no target. */
    Exchange(Worker worker, Client client, Request request, Optional<Target> target) {
        this.worker = worker;
        this.client = client;
        this.request = request;
        this.entry = worker.begin(request, client);
        this.target = target;
        this.access = new AccessControl(worker, entry, this);
        this.timeouts = new ExchangeTimeouts(worker);
        this.upstreamRequest = UpstreamRequest.of(worker, client, request, target, entry);
        this.response = new UpstreamResponse(worker, client, request, upstreamRequest, entry);
    }

    void start() {
        access.check(request, target);
    }

    /** The body is held first, if it may be changed or names a model with limits. */
    @Override
    public void permitted() {
        if (target.isPresent() && upstreamRequest.holding()) {
            timeouts.progress();
            permitted = true;
            sendContinue();
            client.advance();
        } else {
            access.admit();
        }
    }

    @Override
    public void admitted() {
        timeouts.progress();
        entry.forwarded();
        target.ifPresentOrElse(
                known -> worker.pool().acquire(known, this),
                () -> refuse(ProxyError.SECRET_UNAVAILABLE, "the mounted Secret is missing or invalid"));
    }

    @Override
    public void connected(UpstreamConnection connection) {
        if (ended) {
            connection.release();
            return;
        }
        timeouts.progress();
        upstream = Optional.of(connection);
        try {
            upstreamRequest.begin(connection, client.pending(), () -> unsent(connection));
        } catch (ProtocolException e) {
            refuse(ProxyError.of(e), e.getMessage());
            return;
        }
        sendContinue();
        client.advance();
        connection.flush();
    }

    private void sendContinue() {
        if (request.expectsContinue() && !continued && client.pending().isEmpty() && !upstreamRequest.complete()) {
            continued = true;
            client.socket().sendContinue();
        }
    }

    /** A pooled connection was closed while idle: retries on a new one, since no byte was sent. */
    private void unsent(UpstreamConnection connection) {
        boolean current = upstream.filter(used -> used == connection).isPresent();
        if (current && connection.reused() && !upstreamRequest.bodySent() && !response.received()) {
            connection.close();
            upstream = Optional.empty();
            worker.pool().open(target.orElseThrow(), this);
        }
    }

    /** Forwards the received part of the request body. Returns whether there was any. */
    boolean takeBody(ReceiveBuffer pending) throws ProtocolException {
        if (!takesBody()) {
            return false;
        }
        boolean holds = holds();
        boolean taken = holds
                ? upstreamRequest.hold(pending, client.socket().allocator())
                : upstreamRequest.take(pending, upstream.orElseThrow());
        if (taken) {
            timeouts.progress();
        }
        if (holds && !upstreamRequest.holding()) {
            access.admit();
        }
        return taken;
    }

    /** Whether the body of a request that is permitted is held before it is forwarded. */
    private boolean holds() {
        return permitted && !ended && upstreamRequest.holding();
    }

    void flush() {
        upstream.ifPresent(UpstreamConnection::flush);
    }

    /** Whether the client may go on sending its body. */
    boolean takesBody() {
        return (upstream.isPresent() || holds()) && !upstreamRequest.complete();
    }

    boolean upstreamWritable() {
        return holds() || upstream.isPresent() && upstream.get().writable();
    }

    @Override
    public void received(ByteBuf bytes) {
        timeouts.progress();
        try {
            response.take(bytes);
        } catch (ProtocolException e) {
            fail(ProxyError.SHARED_API_PROTOCOL_ERROR, "the shared API's response is malformed: " + e.getMessage());
            return;
        }
        if (response.complete()) {
            finish();
        }
    }

    @Override
    public void receivedAll() {
        client.socket().flush();
        worker.relieve();
    }

    @Override
    public void writabilityChanged() {
        timeouts.progress();
        client.updateReading();
    }

    /** Backpressure: the shared API is read only as fast as the client reads. */
    void clientWritabilityChanged(boolean writable) {
        timeouts.progress();
        upstream.ifPresent(connection -> connection.reading(writable));
    }

    @Override
    public void unreachable(String reason) {
        entry.warn(OperatorWarning.SHARED_API_UNREACHABLE, reason);
        // the reason names hosts, ports and certificates, so it is only logged
        fail(ProxyError.SHARED_API_UNREACHABLE, "the shared API is unreachable");
    }

    @Override
    public void closed(boolean clean) {
        upstream = Optional.empty();
        if (clean && response.endsWithClose()) {
            response.ended();
            finish();
        } else if (response.received()) {
            fail(ProxyError.SHARED_API_PROTOCOL_ERROR, "the shared API's response is incomplete");
        } else {
            fail(ProxyError.SHARED_API_UNREACHABLE, "the shared API closed the connection without a response");
        }
    }

    @Override
    public void unexpected(Throwable cause) {
        worker.accessLog().unexpected(cause);
    }

    private void finish() {
        boolean whole = upstreamRequest.complete();
        upstream.ifPresent(connection -> {
            if (whole && response.reusable() && !request.bodyUncertain()) {
                connection.release();
            } else {
                connection.close();
            }
        });
        end();
        entry.completed(response.status());
        client.ended(whole && !response.announcedClose(), whole);
    }

    /** Sends an error response, or aborts if the client has received a part of a response. */
    void fail(ProxyError error, String description) {
        if (ended) {
            return;
        }
        if (!response.begun()) {
            refuse(error, description);
            return;
        }
        boolean unframed = response.unframed();
        close();
        entry.aborted(response.status(), error.code());
        client.abort(unframed);
    }

    private void refuse(ProxyError error, String description) {
        refused(error, description, "");
    }

    @Override
    public void refused(ProxyError error, String description, String headers) {
        close();
        boolean whole = client.pending().discard(request.body());
        boolean persistent = whole
                && request.persistent()
                && error != ProxyError.OVERLOADED
                && !worker.drain().announced();
        new ErrorResponse(error, description, headers, !request.isHead(), !persistent).send(client.socket(), entry);
        client.ended(persistent, whole);
    }

    /** The client has disconnected: stops in any phase. */
    void cancel() {
        if (!ended) {
            close();
            entry.cancelled();
        }
    }

    private void close() {
        upstream.ifPresent(UpstreamConnection::close);
        end();
    }

    private void end() {
        upstream = Optional.empty();
        access.end();
        response.discard();
        upstreamRequest.discard();
        ended = true;
    }

    /** Memory in use, in bytes: what waits to be forwarded, and what the shared API does not read. */
    long heldBytes(boolean settled) {
        if (upstream.isEmpty()) {
            return (long) upstreamRequest.heldBytes() + access.heldBytes();
        }
        return response.heldBytes()
                + (settled || !upstream.get().writable() ? upstream.get().unsent() : 0);
    }

    /** Checks the timeouts. Calls to the IAM and connecting have their own. */
    void sweep(long now) {
        access.sweep();
        if (upstream.isEmpty() && !holds()) {
            return;
        }
        if (response.begun() && client.socket().writable() && timeouts.keepAliveDue(now)) {
            response.keepAlive();
            client.socket().flush();
        }
        timeouts.exceeded(now, awaited(), entry.received())
                .ifPresent(exceeded -> fail(exceeded.error(), exceeded.description()));
    }

    private ExchangeTimeouts.Awaited awaited() {
        if (!response.bodyBegun() && upstreamRequest.complete()) {
            return ExchangeTimeouts.Awaited.FIRST_BYTE;
        }
        return response.received() || !upstreamWritable()
                ? ExchangeTimeouts.Awaited.PROGRESS
                : ExchangeTimeouts.Awaited.REQUEST_BODY;
    }
}
