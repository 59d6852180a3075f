package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ChunkedBody;
import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.http.Response;
import io.sharedinference.proxy.telemetry.AccessEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The shared API's answer on its way to the client: head, then body, as it comes. Owns what isn't sent yet. */
final class UpstreamResponse {
    private static final ByteBuf COMMENT = constant(":\n");
    private static final ByteBuf COMMENT_CHUNK = constant("2\r\n:\n\r\n");

    private final Worker worker;
    private final Client client;
    private final Request request;
    private final AccessEntry entry;
    private final HeaderSectionEnd headEnd = new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH);
    private final ReceiveBuffer pending = new ReceiveBuffer();
    private Optional<Response> head = Optional.empty();
    private boolean received;
    private boolean bodyBegun;
    private boolean announcedClose;

    UpstreamResponse(Worker worker, Client client, Request request, AccessEntry entry) {
        this.worker = worker;
        this.client = client;
        this.request = request;
        this.entry = entry;
    }

    private static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII)).asReadOnly();
    }

    /** Takes bytes over and writes to the client what may go out. */
    void take(ByteBuf bytes) throws ProtocolException {
        received = true;
        pending.add(bytes, client.socket().allocator());
        boolean more = true;
        while (more && !pending.isEmpty() && !complete()) {
            more = head.isPresent() ? takeBody(head.get().body()) : takeHead();
        }
        if (complete() && !pending.isEmpty()) {
            surplus();
        }
    }

    private boolean takeHead() throws ProtocolException {
        int length = headEnd.find(pending.view());
        if (length < 0) {
            return false;
        }
        Response parsed = worker.responses().parse(pending.view(), length, request.isHead(), client.responseScan());
        pending.skip(length);
        if (parsed.interim()) {
            forwardInterim(parsed);
            return true;
        }
        head = Optional.of(parsed);
        entry.answering();
        // whoever answers before it has all of a body may never take the rest
        announcedClose = !request.persistent() || !parsed.http11() || parsed.endsWithClose()
                || !request.body().complete() || worker.drain().announced();
        boolean decoded = decoded();
        ByteBuf first = worker.responses().write(announcedClose, request.http11(), decoded ? 0 : pending.spare(), client.socket().allocator());
        try {
            bodyBegun = !decoded && pending.moveBehind(first, parsed.body()) > 0;
        } finally {
            send(first);
        }
        return true;
    }

    /** Whether the client's HTTP version has no chunks, so that it gets their data until the connection closes. */
    private boolean decoded() {
        return !request.http11() && head.map(Response::body).filter(ChunkedBody.class::isInstance).isPresent();
    }

    /** 100 was answered here already; others, such as early hints, are for HTTP/1.1 clients. */
    private void forwardInterim(Response interim) {
        if (interim.status() != 100 && request.http11()) {
            client.socket().write(worker.responses().write(false, true, 0, client.socket().allocator()));
        }
    }

    private boolean takeBody(Body body) throws ProtocolException {
        if (body instanceof ChunkedBody chunked && !request.http11()) {
            return takeData(chunked);
        }
        int count = body.accept(pending.view());
        if (count > 0) {
            bodyBegun = true;
            send(pending.take(count));
        }
        return count > 0;
    }

    private boolean takeData(ChunkedBody body) throws ProtocolException {
        ByteBuf data = pending.takeData(body, client.socket().allocator());
        if (data.isReadable()) {
            bodyBegun = true;
            send(data);
        } else {
            data.release();
        }
        return false;
    }

    /** Sends a comment in a stream of events, which says nothing but that it goes on, if it can stand here. */
    void keepAlive() {
        if (head.isEmpty() || !pending.isEmpty() || complete() || !client.responseScan().atLineStart()) {
            return;
        }
        switch (head.get().body()) {
            case ChunkedBody decoded when !request.http11() -> send(COMMENT.duplicate());
            case ChunkedBody chunked when chunked.betweenChunks() -> send(COMMENT_CHUNK.duplicate());
            case Body.UntilClose open -> send(COMMENT.duplicate());
            default -> { }
        }
    }

    private void send(ByteBuf bytes) {
        entry.sent(bytes.readableBytes());
        client.socket().write(bytes);
    }

    /** More than was framed: the answer stands, the connection can't be used again. */
    private void surplus() {
        pending.clear();
        head = head.map(parsed -> new Response(parsed.status(), parsed.body(), false, parsed.http11()));
    }

    void discard() {
        pending.clear();
    }

    /** Whether any byte of an answer came from the shared API. */
    boolean received() {
        return received;
    }

    /** Whether the client has seen a part of it, so that no other answer can be given. */
    boolean begun() {
        return head.isPresent();
    }

    /** Whether a byte of its body came; interim answers and a head may come long before the first. */
    boolean bodyBegun() {
        return bodyBegun;
    }

    boolean complete() {
        return head.isPresent() && head.get().body().complete();
    }

    /** Whether the end of the shared API's connection is the end of the body. */
    boolean endsWithClose() {
        return head.isPresent() && head.get().endsWithClose();
    }

    /** Whether the end of the client's connection is the end of the body. */
    boolean unframed() {
        return endsWithClose() || decoded();
    }

    /** Whether the shared API's connection can serve another exchange. */
    boolean reusable() {
        return head.isPresent() && head.get().persistent();
    }

    boolean announcedClose() {
        return announcedClose;
    }

    int status() {
        return head.map(Response::status).orElse(0);
    }
}
