package io.sharedinference.proxy.usage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Takes out of an event stream what {@code include_usage} adds to it: the event with usage and without choices, and
 * {@code "usage":null} in all others. Everything else is unchanged. An event is forwarded as soon as it is complete; one that
 * is too long to be buffered is forwarded unchanged. Owns the incomplete event. Not thread-safe.
 */
public final class UsageEvents {
    static final int MAX_EVENT = 64 * 1024;

    private final byte[] piece;
    private final ByteBufAllocator allocator;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private boolean lineEmpty = true;
    private boolean afterCr;
    private boolean tooLong;
    private boolean dropped;
    private boolean unasked;

    /** The buffer may be shared by streams of the same thread. */
    public UsageEvents(byte[] piece, ByteBufAllocator allocator) {
        this.piece = piece;
        this.allocator = allocator;
    }

    /** Takes the next {@code count} bytes of the stream, and appends to {@code out} what the client gets. */
    public void take(ByteBuf in, int from, int count, ByteBuf out) {
        int end = from + count;
        for (int at = from; at < end; at += piece.length) {
            int size = Math.min(end - at, piece.length);
            in.getBytes(at, piece, 0, size);
            scan(size, out);
        }
    }

    /** The stream has ended. */
    public void finish(ByteBuf out) {
        if (held.isReadable()) {
            endEvent(0, 0, out);
        }
    }

    /** Whether what was forwarded so far ends at the start of a line; after a CR, an LF may follow. */
    public boolean atLineStart() {
        return !tooLong && (held.isReadable() || !afterCr);
    }

    /** Memory in use, in bytes. */
    public int heldBytes() {
        return held.capacity();
    }

    /** Frees the incomplete event. */
    public void discard() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }

    private void scan(int end, ByteBuf out) {
        int start = 0;
        for (int at = 0; at < end; at++) {
            byte c = piece[at];
            if (c != '\n' && c != '\r') {
                lineEmpty = false;
                afterCr = false;
                at = LineEnd.find(piece, at, end) - 1;
            } else if (c == '\n' && afterCr) {
                afterCr = false;
                if (at == start && betweenEvents()) {
                    start = endLine(at, out);
                }
            } else {
                afterCr = c == '\r';
                if (lineEmpty) {
                    endEvent(start, at + 1, out);
                    start = at + 1;
                }
                lineEmpty = true;
            }
        }
        hold(start, end, out);
    }

    private boolean betweenEvents() {
        return !tooLong && !held.isReadable();
    }

    /** An LF that belongs to the CR at the end of the event before. */
    private int endLine(int at, ByteBuf out) {
        if (!dropped) {
            out.writeByte(piece[at]);
        }
        return at + 1;
    }

    private void hold(int from, int to, ByteBuf out) {
        int count = to - from;
        if (!tooLong && held.readableBytes() + count > MAX_EVENT) {
            out.writeBytes(held);
            discard();
            tooLong = true;
        }
        if (tooLong) {
            out.writeBytes(piece, from, count);
        } else if (count > 0) {
            if (!held.isReadable()) {
                held = allocator.buffer(2 * count);
            }
            held.writeBytes(piece, from, count);
        }
    }

    private void endEvent(int from, int to, ByteBuf out) {
        if (tooLong) {
            out.writeBytes(piece, from, to - from);
            tooLong = false;
            dropped = false;
        } else if (held.isReadable()) {
            byte[] event = new byte[held.readableBytes() + to - from];
            held.readBytes(event, 0, held.readableBytes());
            System.arraycopy(piece, from, event, event.length - (to - from), to - from);
            discard();
            edit(event, 0, event.length, out);
        } else {
            edit(piece, from, to, out);
        }
    }

    private void edit(byte[] bytes, int from, int to, ByteBuf out) {
        dropped = false;
        if (!EventJson.mentionsUsage(bytes, from, to)) {
            out.writeBytes(bytes, from, to - from);
            return;
        }
        EventJson event = EventJson.read(bytes, from, to);
        switch (event.usage()) {
            case NULL -> {
                out.writeBytes(bytes, from, event.usageFrom() - from);
                out.writeBytes(bytes, event.usageTo(), to - event.usageTo());
            }
            case OBJECT -> {
                // a server that reports usage beside choices does so without include_usage, and would send the last
                // event, too
                unasked |= event.hasChoices();
                dropped = event.noChoice() && !unasked;
                out.writeBytes(bytes, from, dropped ? 0 : to - from);
            }
            case NONE, OTHER -> out.writeBytes(bytes, from, to - from);
        }
    }
}
