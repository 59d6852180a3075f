package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.auth.BearerToken;
import io.sharedinference.proxy.auth.Decision;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.UpstreamConnection;
import io.sharedinference.proxy.upstream.UpstreamUser;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One request and its answer: authenticate, connect, forward, answer. The request's body waits in the client
 * connection until somebody may have it. Loop only.
 */
final class Exchange implements UpstreamUser {
    private final Loop loop;
    private final Client client;
    private final RequestHead request;
    private final AccessEntry entry;
    private final Answer answer;
    private final Optional<Target> target;
    private final Upload upload;
    private final Patience patience;
    private Optional<UpstreamConnection> upstream = Optional.empty();
    private Optional<PendingDecision> waiting = Optional.empty();
    private boolean ended;

    /** For the head that the loop's parser has just read; without a usable Secret there is no target. */
    Exchange(Loop loop, Client client, RequestHead request, Optional<Target> target) {
        this.loop = loop;
        this.client = client;
        this.request = request;
        this.entry =
                loop.begin(request.method(), request.path(), request.traceHigh(), request.traceLow(), client);
        this.answer = new Answer(loop, client, request, entry);
        this.target = target;
        this.patience = new Patience(loop);
        int spare = client.pending().spare();
        this.upload = new Upload(target
                .map(known -> loop.requests().write(known, !request.open(), spare, client.socket().allocator()))
                .orElse(Unpooled.EMPTY_BUFFER), request.body(), entry);
    }

    void start() {
        if (request.bodyTooLarge()) {
            refuse(Refusal.BODY_TOO_LARGE, "the body is larger than " + loop.settings().limits().body() + " bytes");
        } else if (target.filter(Target::hasBasePath).isPresent() && loop.requests().dotSegments()) {
            refuse(Refusal.BAD_REQUEST, "the path has a dot segment, which could lead out of the base path");
        } else if (request.open()) {
            connect();
        } else {
            loop.requests().token().ifPresentOrElse(this::authenticate, () ->
                    refuse(Refusal.UNAUTHENTICATED, "a Bearer token in the Authorization header is required"));
        }
    }

    private void authenticate(BearerToken token) {
        CompletableFuture<Decision> decision = loop.authentication().decide(token);
        if (decision.isDone()) {
            decided(decision.join());
            return;
        }
        waiting = Optional.of(new PendingDecision(decision, token.length(), loop.eventLoop(), this::decided));
    }

    private void stopWaiting() {
        waiting.ifPresent(PendingDecision::cancel);
        waiting = Optional.empty();
    }

    /** Bytes of memory that it holds: what waits to be forwarded, and what the shared API doesn't take. */
    long held(boolean settled) {
        if (upstream.isEmpty()) {
            return upload.held() + waiting.map(PendingDecision::held).orElse(0);
        }
        return settled || !upstream.get().writable() ? upstream.get().unsent() : 0;
    }

    private void decided(Decision decision) {
        if (ended) {
            return;
        }
        stopWaiting();
        switch (decision) {
            case Decision.Allowed(String subject) -> {
                entry.subject(subject);
                connect();
            }
            case Decision.Unauthenticated() -> refuse(Refusal.UNAUTHENTICATED, "Invalid token");
            case Decision.Denied(String subject) -> {
                entry.subject(subject);
                refuse(Refusal.PERMISSION_DENIED, "a permission that this API requires is missing");
            }
            case Decision.IamUnavailable(String reason, var _) -> {
                loop.accessLog().warn(Trouble.IAM_UNREACHABLE, reason, entry.requestId());
                refuse(Refusal.IAM_UNREACHABLE, "the IAM did not decide about this token");
            }
        }
    }

    private void connect() {
        patience.progress();
        entry.forwarded();
        target.ifPresentOrElse(known -> loop.pool().acquire(known, this), () ->
                refuse(Refusal.SECRET_UNAVAILABLE, "the shared API's URL or token is missing or unusable"));
    }

    @Override
    public void connected(UpstreamConnection connection) {
        if (ended) {
            connection.release();
            return;
        }
        patience.progress();
        upstream = Optional.of(connection);
        try {
            upload.begin(connection, client.pending(), () -> unsent(connection));
        } catch (ProtocolException e) {
            refuse(e.refusal(), e.getMessage());
            return;
        }
        if (request.expectsContinue() && client.pending().isEmpty() && !upload.complete()) {
            client.socket().sendContinue();
        }
        client.advance();
        connection.flush();
    }

    /** A connection that was given up while it idled: another one may be tried, since not a byte has left. */
    private void unsent(UpstreamConnection connection) {
        boolean current = upstream.filter(used -> used == connection).isPresent();
        if (current && connection.reused() && !upload.bodyMoved() && !answer.received()) {
            connection.close();
            upstream = Optional.empty();
            loop.pool().open(target.orElseThrow(), this);
        }
    }

    /** Forwards the request's body as far as it is there; says whether it took anything. */
    boolean takeBody(Pending pending) throws ProtocolException {
        boolean taken = takesBody() && upload.take(pending, upstream.orElseThrow());
        if (taken) {
            patience.progress();
        }
        return taken;
    }

    void flush() {
        upstream.ifPresent(UpstreamConnection::flush);
    }

    /** Whether the client may go on sending its body. */
    boolean takesBody() {
        return upstream.isPresent() && !upload.complete();
    }

    boolean upstreamWritable() {
        return upstream.isPresent() && upstream.get().writable();
    }

    @Override
    public void received(ByteBuf bytes) {
        patience.progress();
        try {
            answer.take(bytes);
        } catch (ProtocolException e) {
            fail(Refusal.SHARED_API_PROTOCOL_ERROR, "the shared API's answer is malformed: " + e.getMessage());
            return;
        }
        if (answer.complete()) {
            finish();
        }
    }

    @Override
    public void receivedAll() {
        client.socket().flush();
        loop.relieve();
    }

    @Override
    public void writabilityChanged() {
        patience.progress();
        client.updateReading();
    }

    /** The client's socket filled up or emptied: the shared API is read only as fast as the client reads. */
    void clientWritabilityChanged(boolean writable) {
        patience.progress();
        upstream.ifPresent(connection -> connection.reading(writable));
    }

    @Override
    public void unreachable(String reason) {
        loop.accessLog().warn(Trouble.SHARED_API_UNREACHABLE, reason, entry.requestId());
        // the reason names hosts, ports and certificates: it is for the log
        fail(Refusal.SHARED_API_UNREACHABLE, "the shared API can't be reached");
    }

    @Override
    public void closed(boolean clean) {
        upstream = Optional.empty();
        if (clean && answer.endsWithClose()) {
            finish();
        } else if (answer.received()) {
            fail(Refusal.SHARED_API_PROTOCOL_ERROR, "the shared API's answer broke off");
        } else {
            fail(Refusal.SHARED_API_UNREACHABLE, "the shared API closed the connection without an answer");
        }
    }

    @Override
    public void unexpected(Throwable cause) {
        loop.accessLog().bug(cause);
    }

    private void finish() {
        boolean whole = upload.complete();
        upstream.ifPresent(connection -> {
            if (whole && answer.reusable() && !request.bodyUncertain()) {
                connection.release();
            } else {
                connection.close();
            }
        });
        end();
        entry.answered(answer.status());
        if (answer.status() == 401 || answer.status() == 403) {
            loop.accessLog().warn(Trouble.TENANT_REJECTED, "it answered " + answer.status(), entry.requestId());
        }
        client.ended(whole && !answer.announcedClose(), whole);
    }

    /** Gives the proxy's own answer, or breaks off when the client has a part of another one already. */
    void fail(Refusal refusal, String description) {
        if (ended) {
            return;
        }
        if (!answer.begun()) {
            refuse(refusal, description);
            return;
        }
        boolean unframed = answer.unframed();
        close();
        entry.aborted(answer.status(), refusal.code());
        client.abort(unframed);
    }

    private void refuse(Refusal refusal, String description) {
        close();
        boolean whole = client.skipped(request.body());
        boolean persistent = whole && request.persistent() && refusal != Refusal.OVERLOADED
                && !loop.drain().announced();
        ErrorAnswer error =
                new ErrorAnswer(refusal, description, entry.requestId(), !request.isHead(), !persistent);
        ByteBuf bytes = error.write(client.socket().allocator());
        entry.sent(bytes.readableBytes());
        entry.refused(refusal);
        client.socket().write(bytes);
        client.ended(persistent, whole);
    }

    /** The client is gone: so is every reason to go on, in whatever phase. */
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
        stopWaiting();
        answer.discard();
        upload.discard();
        ended = true;
    }

    /** Ends what has waited too long; the IAM's client and the connect have timeouts of their own. */
    void sweep(long now) {
        if (upstream.isEmpty()) {
            return;
        }
        if (answer.begun() && client.socket().writable() && patience.keepAliveDue(now)) {
            answer.keepAlive();
            client.socket().flush();
        }
        patience.exceeded(now, awaited(), entry.received())
                .ifPresent(exceeded -> fail(exceeded.refusal(), exceeded.description()));
    }

    private Patience.Awaited awaited() {
        if (!answer.bodyBegun() && upload.complete()) {
            return Patience.Awaited.FIRST_BYTE;
        }
        return answer.received() || !upstreamWritable() ? Patience.Awaited.MOVEMENT : Patience.Awaited.REQUEST_BODY;
    }
}
