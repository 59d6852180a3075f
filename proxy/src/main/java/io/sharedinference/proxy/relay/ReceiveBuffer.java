package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ChunkedBody;
import io.sharedinference.proxy.http.ProtocolException;

/** Bytes that were received and not yet consumed. Owns them. */
final class ReceiveBuffer {
    private static final int SMALL_BODY = 16 * 1024;
    private static final int WORTH_TRIMMING = 512;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** Takes ownership of {@code more}; copies only when something was left over. */
    void add(ByteBuf more, ByteBufAllocator allocator) {
        if (!bytes.isReadable()) {
            bytes.release();
            bytes = more;
            return;
        }
        try {
            room(more.readableBytes(), allocator).writeBytes(more);
        } finally {
            more.release();
        }
    }

    /** To look at; consumed through this class. */
    ByteBuf view() {
        return bytes;
    }

    int size() {
        return bytes.readableBytes();
    }

    /** Bytes of memory that they take. */
    int capacity() {
        return bytes.isReadable() ? bytes.capacity() : 0;
    }

    /** Gives back the memory that a read was prepared for and didn't need; for bytes that will have to wait. */
    void trim(ByteBufAllocator allocator) {
        if (bytes.isReadable() && bytes.capacity() > 2 * bytes.readableBytes() + WORTH_TRIMMING) {
            ByteBuf smaller = allocator.buffer(bytes.readableBytes());
            smaller.writeBytes(bytes);
            bytes.release();
            bytes = smaller;
        }
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    /** Hands out the first {@code count} bytes without copying; the caller owns them. */
    ByteBuf take(int count) {
        if (count < bytes.readableBytes()) {
            return bytes.readRetainedSlice(count);
        }
        ByteBuf all = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** Consumes the first {@code count} bytes; a buffer with none left isn't held, since a connection may idle long. */
    void skip(int count) {
        bytes.skipBytes(count);
        if (!bytes.isReadable()) {
            clear();
        }
    }

    /** Moves what is there of a small body behind its head, as far as there is room: one write for both. */
    int moveBehind(ByteBuf head, Body body) throws ProtocolException {
        ByteBuf window = bytes.slice(bytes.readerIndex(), Math.min(head.writableBytes(), bytes.readableBytes()));
        int count = body.accept(window);
        head.writeBytes(window, count);
        skip(count);
        return count;
    }

    /** Consumes what is there of a chunked body and returns its data without framing; the caller owns it. */
    ByteBuf takeData(ChunkedBody body, ByteBufAllocator allocator) throws ProtocolException {
        ByteBuf data = allocator.buffer(size());
        try {
            skip(body.decode(bytes, data));
        } catch (ProtocolException e) {
            data.release();
            throw e;
        }
        return data;
    }

    /** Room to leave behind a head for what is there of its body: larger ones aren't worth copying. */
    int spare() {
        return Math.min(size(), SMALL_BODY);
    }

    void clear() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }

    private ByteBuf room(int count, ByteBufAllocator allocator) {
        // slices of a shared buffer may still be on their way out
        if (bytes.refCnt() == 1 && !bytes.isReadOnly() && bytes.writableBytes() >= count) {
            return bytes;
        }
        int needed = bytes.readableBytes() + count;
        ByteBuf larger = allocator.buffer(Math.max(needed, Math.min(2 * needed, 65_536)));
        larger.writeBytes(bytes);
        bytes.release();
        bytes = larger;
        return larger;
    }
}
