package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ChunkedBody;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.telemetry.Uncounted;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.upstream.UpstreamConnection;
import java.util.Optional;

/**
 * A request to the shared API. The rewritten header section and a small body are sent in one write, and kept until they
 * are sent, to retry if a pooled connection turns out to be closed. Some bodies are held first. Confined to
 * its event loop.
 */
final class UpstreamRequest {
    private final Body body;
    private final AccessEntry entry;
    private ByteBuf first;
    private final int headerLength;
    private Optional<BodyHold> holding;
    private boolean amended;
    private boolean bodySent;

    /** Takes ownership of the header section. {@code holding} is empty if the body is not held. */
    private UpstreamRequest(ByteBuf header, Body body, AccessEntry entry, Optional<BodyHold> holding) {
        this.first = header;
        this.headerLength = header.readableBytes();
        this.body = body;
        this.entry = entry;
        this.holding = holding;
    }

    /** For the request that was parsed last. Without a target there is nothing to send. */
    static UpstreamRequest of(
            Worker worker, Client client, Request request, Optional<Target> target, AccessEntry entry) {
        ByteBufAllocator allocator = client.socket().allocator();
        ByteBuf header = target.map(
                        known -> worker.requests().write(known, client.pending().spare(), allocator))
                .orElse(Unpooled.EMPTY_BUFFER);
        return new UpstreamRequest(
                header, request.body(), entry, worker.bodyHold(request, client.requestScan(), entry));
    }

    /** Whether nothing is sent yet, since the body is held until it is complete. */
    boolean holding() {
        return holding.isPresent();
    }

    /** Whether {@code include_usage} was added. */
    boolean amended() {
        return amended;
    }

    /** Holds the received part of the body. Returns whether there was any. */
    boolean hold(ReceiveBuffer pending, ByteBufAllocator allocator) throws ProtocolException {
        BodyHold hold = holding.orElseThrow();
        int count = body.accept(pending.view());
        first.writeBytes(pending.view(), pending.view().readerIndex(), count);
        pending.skip(count);
        entry.received(count);
        if (first.readableBytes() - headerLength > hold.maxBody()) {
            hold.change().ifPresent(usage -> entry.countUnknownUsage(Uncounted.BODY_TOO_LARGE));
            holding = Optional.empty();
        } else if (body.complete()) {
            holding = Optional.empty();
            if (hold.change().isPresent()) {
                amend(hold.change().get(), allocator);
            }
        }
        return count > 0;
    }

    @SuppressWarnings("ReferenceEquality") // buffers with equal contents are not the same buffer
    private void amend(StreamUsage usage, ByteBufAllocator allocator) {
        ByteBuf changed = usage.amend(first, headerLength, body instanceof ChunkedBody, entry, allocator);
        amended = changed != first;
        if (amended) {
            first.release();
            first = changed;
        }
    }

    /** Sends the header section and the received part of a small body. Runs {@code unsent} if no byte could be sent. */
    void begin(UpstreamConnection connection, ReceiveBuffer pending, Runnable unsent) throws ProtocolException {
        entry.received(pending.appendBody(first, body));
        // one reference for the socket, one for a retry
        connection.write(first.retain()).addListener(done -> {
            if (done.isSuccess()) {
                discard();
            } else if (first.isReadable() && first.readerIndex() == 0) {
                unsent.run();
            }
        });
    }

    /** Sends the received part of the body. Returns whether there was any. */
    boolean take(ReceiveBuffer pending, UpstreamConnection connection) throws ProtocolException {
        int count = body.accept(pending.view());
        if (count > 0) {
            bodySent = true;
            entry.received(count);
            connection.writeUnwatched(pending.take(count));
        }
        return count > 0;
    }

    /** Whether more of the body was sent than the part in the first write. */
    boolean bodySent() {
        return bodySent;
    }

    boolean complete() {
        return body.complete();
    }

    /** Memory of the first write, in bytes. */
    int heldBytes() {
        return first.capacity();
    }

    void discard() {
        first.release();
        first = Unpooled.EMPTY_BUFFER;
    }
}
