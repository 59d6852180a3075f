package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.upstream.UpstreamConnection;

/**
 * A request on its way to the shared API. The rewritten head and a small body behind it leave in one piece, and are kept
 * until they have left, in case a pooled connection turns out to be dead before a single byte went out. Confined to its event loop.
 */
final class UpstreamRequest {
    private final Body body;
    private final AccessEntry entry;
    private ByteBuf first;
    private boolean bodyMoved;

    /** Takes ownership of the head. */
    UpstreamRequest(ByteBuf head, Body body, AccessEntry entry) {
        this.first = head;
        this.body = body;
        this.entry = entry;
    }

    /** Sends the head with what is there of a small body; {@code unsent} runs when that failed without a byte having left. */
    void begin(UpstreamConnection connection, ReceiveBuffer pending, Runnable unsent) throws ProtocolException {
        entry.received(pending.moveBehind(first, body));
        // one reference for the socket, one for another try
        connection.write(first.retain()).addListener(done -> {
            if (done.isSuccess()) {
                discard();
            } else if (first.isReadable() && first.readerIndex() == 0) {
                unsent.run();
            }
        });
    }

    /** Sends more of the body as far as it is there; says whether there was any. */
    boolean take(ReceiveBuffer pending, UpstreamConnection connection) throws ProtocolException {
        int count = body.accept(pending.view());
        if (count > 0) {
            bodyMoved = true;
            entry.received(count);
            connection.writeUnwatched(pending.take(count));
        }
        return count > 0;
    }

    /** Whether more of the body has left than what stood behind the head. */
    boolean bodyMoved() {
        return bodyMoved;
    }

    boolean complete() {
        return body.complete();
    }

    /** Bytes of memory that the head takes. */
    int heldBytes() {
        return first.capacity();
    }

    void discard() {
        first.release();
        first = Unpooled.EMPTY_BUFFER;
    }
}
