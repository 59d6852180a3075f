package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.upstream.UpstreamConnection;

/**
 * The rewritten head and a small body behind it: what leaves in one piece, and is kept until it has left, in case a
 * pooled connection turns out to be dead before a single byte went out. Loop only.
 */
final class FirstBytes {
    private ByteBuf bytes;

    /** Takes ownership. */
    FirstBytes(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** Fills the room that is left with the part of the body that is already there. */
    int append(Body body, Pending pending) throws ProtocolException {
        return pending.moveBehind(bytes, body);
    }

    /** Hands them to the socket; {@code unsent} runs when that failed without a byte having left. */
    void write(UpstreamConnection connection, Runnable unsent) {
        // one reference for the socket, one for another try
        connection.write(bytes.retain()).addListener(done -> {
            if (done.isSuccess()) {
                release();
            } else if (bytes.isReadable() && bytes.readerIndex() == 0) {
                unsent.run();
            }
        });
    }

    /** Bytes of memory that they take. */
    int capacity() {
        return bytes.capacity();
    }

    void release() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }
}
