package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.upstream.UpstreamConnection;

/**
 * A request to the shared API. The rewritten header section and a small body are sent in one write, and kept until they
 * are sent, to retry if a pooled connection turns out to be closed. Confined to its event loop.
 */
final class UpstreamRequest {
    private final Body body;
    private final AccessEntry entry;
    private ByteBuf first;
    private boolean bodySent;

    /** Takes ownership of the header section. */
    UpstreamRequest(ByteBuf header, Body body, AccessEntry entry) {
        this.first = header;
        this.body = body;
        this.entry = entry;
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
