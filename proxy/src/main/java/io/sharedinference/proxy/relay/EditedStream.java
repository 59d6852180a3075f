package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.ChunkedBody;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.usage.UsageEvents;
import java.nio.charset.StandardCharsets;

/** An event stream without what {@code include_usage} adds to it, framed for the client. Owns what is not sent yet. */
final class EditedStream {
    /** For a chunk's size and its line end, which are known once its data is. */
    private static final int CHUNK_HEADER = 10;

    private final UsageEvents events;
    private final boolean chunks;
    private final ByteBufAllocator allocator;
    private final ByteBuf trailers = Unpooled.buffer(0);

    /** {@code chunks}: whether the client gets chunks; else the stream ends when its connection closes. */
    EditedStream(byte[] piece, boolean chunks, ByteBufAllocator allocator) {
        this.events = new UsageEvents(piece, allocator);
        this.chunks = chunks;
        this.allocator = allocator;
    }

    /** Whether the client gets chunks. */
    boolean chunks() {
        return chunks;
    }

    /** Consumes the received part of the body. The caller owns the result, which may be empty. */
    ByteBuf take(ReceiveBuffer pending, Body body) throws ProtocolException {
        ByteBuf out = allocator.buffer(CHUNK_HEADER + pending.size() + 16).setIndex(CHUNK_HEADER, CHUNK_HEADER);
        try {
            pending.skip(edit(pending.view(), body, out));
        } catch (ProtocolException e) {
            out.release();
            throw e;
        }
        if (body.complete()) {
            events.finish(out);
        }
        return framed(out, body.complete());
    }

    private int edit(ByteBuf in, Body body, ByteBuf out) throws ProtocolException {
        if (body instanceof ChunkedBody chunked) {
            return chunked.read(in, new Editor(events, out, trailers));
        }
        int count = body.accept(in);
        events.take(in, in.readerIndex(), count, out);
        return count;
    }

    private record Editor(UsageEvents events, ByteBuf out, ByteBuf trailers) implements ChunkedBody.Reader {
        @Override
        public void data(ByteBuf in, int from, int count) {
            events.take(in, from, count, out);
        }

        @Override
        public void trailer(byte c) {
            trailers.writeByte(c);
        }
    }

    private ByteBuf framed(ByteBuf out, boolean complete) {
        if (!chunks) {
            return out;
        }
        int length = out.readableBytes();
        if (length > 0) {
            String size = Integer.toHexString(length) + "\r\n";
            out.readerIndex(CHUNK_HEADER - size.length());
            out.setCharSequence(out.readerIndex(), size, StandardCharsets.US_ASCII);
            out.writeCharSequence("\r\n", StandardCharsets.US_ASCII);
        }
        if (complete) {
            out.writeCharSequence("0\r\n", StandardCharsets.US_ASCII);
            out.writeBytes(trailers);
        }
        return out;
    }

    /** The end of a stream that ends when the connection closes. The caller owns the result, which may be empty. */
    ByteBuf finish() {
        ByteBuf out = allocator.buffer(events.heldBytes());
        events.finish(out);
        return out;
    }

    /** Whether the client is at the start of a line. */
    boolean atLineStart() {
        return events.atLineStart();
    }

    int heldBytes() {
        return events.heldBytes();
    }

    void discard() {
        events.discard();
    }
}
