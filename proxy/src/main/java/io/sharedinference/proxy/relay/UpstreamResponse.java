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

/** Forwards the shared API's response to the client as it arrives. Owns what is not sent yet. */
final class UpstreamResponse {
    private static final ByteBuf COMMENT = constant(":\n");
    private static final ByteBuf COMMENT_CHUNK = constant("2\r\n:\n\r\n");

    private final Worker worker;
    private final Client client;
    private final Request request;
    private final UpstreamRequest upstreamRequest;
    private final AccessEntry entry;
    private final HeaderSectionEnd sectionEnd = new HeaderSectionEnd(HeaderSectionEnd.MAX_LENGTH);
    private final ReceiveBuffer pending = new ReceiveBuffer();
    private Optional<Response> response = Optional.empty();
    private Optional<EditedStream> edited = Optional.empty();
    private boolean received;
    private boolean bodyBegun;
    private boolean announcedClose;

    UpstreamResponse(
            Worker worker, Client client, Request request, UpstreamRequest upstreamRequest, AccessEntry entry) {
        this.worker = worker;
        this.client = client;
        this.request = request;
        this.upstreamRequest = upstreamRequest;
        this.entry = entry;
    }

    private static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII))
                .asReadOnly();
    }

    /** Takes ownership of received bytes and writes to the client. */
    void take(ByteBuf bytes) throws ProtocolException {
        received = true;
        pending.add(bytes, client.socket().allocator());
        boolean more = true;
        while (more && !pending.isEmpty() && !complete()) {
            more = response.isPresent() ? takeBody(response.get().body()) : takeHeader();
        }
        if (complete() && !pending.isEmpty()) {
            surplus();
        }
    }

    private boolean takeHeader() throws ProtocolException {
        int length = sectionEnd.find(pending.view());
        if (length < 0) {
            return false;
        }
        Response parsed = worker.responses().parse(pending.view(), length, request.isHead(), client.responseScan());
        pending.skip(length);
        if (parsed.interim()) {
            forwardInterim(parsed);
        } else {
            begin(parsed);
        }
        return true;
    }

    private void begin(Response parsed) throws ProtocolException {
        response = Optional.of(parsed);
        entry.responseBegan();
        announcedClose = announcesClose(parsed);
        if (upstreamRequest.amended() && entry.stream()) {
            edit(parsed);
        }
        boolean decoded = edited.isPresent() || decoded();
        ByteBuf first = worker.responses()
                .write(
                        announcedClose,
                        request.http11(),
                        decoded ? 0 : pending.spare(),
                        client.socket().allocator());
        try {
            bodyBegun = !decoded && pending.appendBody(first, parsed.body()) > 0;
        } finally {
            send(first);
        }
    }

    /** A server that responds before the end of the request body may not read the rest. */
    private boolean announcesClose(Response parsed) {
        return !request.persistent()
                || !parsed.http11()
                || parsed.endsWithClose()
                || !request.body().complete()
                || worker.drain().announced();
    }

    /** A stream with a Content-Length becomes shorter: it ends when the client's connection closes. */
    private void edit(Response parsed) {
        boolean chunks = request.http11() && parsed.body() instanceof ChunkedBody;
        edited = Optional.of(
                new EditedStream(worker.scanned(), chunks, client.socket().allocator()));
        announcedClose |= worker.responses().dropContentLength();
    }

    /** Whether the client's HTTP version has no chunks: it gets their data until the connection closes. */
    private boolean decoded() {
        return !request.http11()
                && response.map(Response::body)
                        .filter(ChunkedBody.class::isInstance)
                        .isPresent();
    }

    /** The proxy itself sends 100; others, such as early hints, are for HTTP/1.1 clients. */
    private void forwardInterim(Response interim) {
        if (interim.status() != 100 && request.http11()) {
            client.socket()
                    .write(worker.responses()
                            .write(false, true, 0, client.socket().allocator()));
        }
    }

    private boolean takeBody(Body body) throws ProtocolException {
        if (edited.isPresent()) {
            sendData(edited.get().take(pending, body));
            bodyBegun = true;
            return false;
        }
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
        bodyBegun |= data.isReadable();
        sendData(data);
        return false;
    }

    private void sendData(ByteBuf data) {
        if (data.isReadable()) {
            send(data);
        } else {
            data.release();
        }
    }

    /** Sends a comment in an event stream, if one is allowed at this point. */
    void keepAlive() {
        if (response.isEmpty() || !pending.isEmpty() || complete() || !atLineStart()) {
            return;
        }
        if (edited.isPresent()) {
            send((edited.get().chunks() ? COMMENT_CHUNK : COMMENT).duplicate());
            return;
        }
        switch (response.get().body()) {
            case ChunkedBody decoded when !request.http11() -> send(COMMENT.duplicate());
            case ChunkedBody chunked when chunked.betweenChunks() -> send(COMMENT_CHUNK.duplicate());
            case Body.UntilClose open -> send(COMMENT.duplicate());
            default -> {}
        }
    }

    private boolean atLineStart() {
        return edited.map(EditedStream::atLineStart).orElseGet(client.responseScan()::atLineStart);
    }

    private void send(ByteBuf bytes) {
        entry.sent(bytes.readableBytes());
        client.socket().write(bytes);
    }

    /** Bytes after the end of the body: the response is complete, the connection cannot be reused. */
    private void surplus() {
        pending.clear();
        response = response.map(parsed -> new Response(parsed.status(), parsed.body(), false, parsed.http11()));
    }

    /** The shared API has closed the connection, which ends the body. */
    void ended() {
        edited.ifPresent(stream -> sendData(stream.finish()));
    }

    /** Memory of an incomplete event, in bytes. */
    int heldBytes() {
        return edited.map(EditedStream::heldBytes).orElse(0);
    }

    void discard() {
        pending.clear();
        edited.ifPresent(EditedStream::discard);
    }

    /** Whether any byte was received. */
    boolean received() {
        return received;
    }

    /** Whether a part was sent to the client, so that no error response is possible. */
    boolean begun() {
        return response.isPresent();
    }

    /** Whether a byte of the body was received; the header section may arrive long before. */
    boolean bodyBegun() {
        return bodyBegun;
    }

    boolean complete() {
        return response.isPresent() && response.get().body().complete();
    }

    /** Whether the body ends when the shared API closes the connection. */
    boolean endsWithClose() {
        return response.isPresent() && response.get().endsWithClose();
    }

    /** Whether the body ends when the client's connection closes. */
    boolean unframed() {
        return endsWithClose()
                || decoded()
                || edited.filter(stream -> !stream.chunks()).isPresent();
    }

    /** Whether the connection to the shared API can be reused. */
    boolean reusable() {
        return response.isPresent() && response.get().persistent();
    }

    boolean announcedClose() {
        return announcedClose;
    }

    int status() {
        return response.map(Response::status).orElse(0);
    }
}
