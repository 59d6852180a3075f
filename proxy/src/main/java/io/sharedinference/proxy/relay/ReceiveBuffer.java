package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ChunkedBody;
import io.sharedinference.proxy.http.ProtocolException;

/** Received bytes that are not consumed yet. Owns them. */
final class ReceiveBuffer {
    private static final int MAX_COPIED_BODY = 16 * 1024;
    private static final int MIN_TRIM = 512;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** Takes ownership of {@code more}; copies only if bytes are left. */
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

    /** For reading only; consumed through this class. */
    ByteBuf view() {
        return bytes;
    }

    int size() {
        return bytes.readableBytes();
    }

    /** Memory in use, in bytes. */
    int capacity() {
        return bytes.isReadable() ? bytes.capacity() : 0;
    }

    /** Frees the unused part of the read buffer, for bytes that have to wait. */
    void trim(ByteBufAllocator allocator) {
        if (bytes.isReadable() && bytes.capacity() > 2 * bytes.readableBytes() + MIN_TRIM) {
            ByteBuf smaller = allocator.buffer(bytes.readableBytes());
            smaller.writeBytes(bytes);
            bytes.release();
            bytes = smaller;
        }
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    /** Consumes and returns the first {@code count} bytes without copying. The caller owns them. */
    ByteBuf take(int count) {
        if (count < bytes.readableBytes()) {
            return bytes.readRetainedSlice(count);
        }
        ByteBuf all = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** Consumes the first {@code count} bytes. Frees an empty buffer, since connections may be idle for long. */
    void skip(int count) {
        bytes.skipBytes(count);
        if (!bytes.isReadable()) {
            clear();
        }
    }

    /** Consumes the received part of a body that is not forwarded. Returns whether the body is complete and valid. */
    boolean discard(Body body) {
        try {
            while (!body.complete() && !isEmpty()) {
                skip(body.accept(bytes));
            }
            return body.complete();
        } catch (ProtocolException e) {
            return false;
        }
    }

    /** Appends the received part of a small body to its header section, as far as it fits, for a single write. */
    int appendBody(ByteBuf header, Body body) throws ProtocolException {
        ByteBuf window = bytes.slice(bytes.readerIndex(), Math.min(header.writableBytes(), bytes.readableBytes()));
        int count = body.accept(window);
        header.writeBytes(window, count);
        skip(count);
        return count;
    }

    /** Consumes the received part of a chunked body and returns its data without framing. The caller owns it. */
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

    /** Bytes to reserve after a header section for its body: larger bodies are not worth copying. */
    int spare() {
        return Math.min(size(), MAX_COPIED_BODY);
    }

    void clear() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }

    private ByteBuf room(int count, ByteBufAllocator allocator) {
        // slices of a shared buffer may not be sent yet
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
