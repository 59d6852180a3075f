package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * A chunked body: framing is parsed byte by byte, data is skipped. Bytes are forwarded unchanged, with chunk extensions
 * and trailers, so the next server parses the same framing.
 */
public final class ChunkedBody implements Body {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION_LENGTH = 4 * 1024;
    private static final int MAX_TRAILERS_LENGTH = 16 * 1024;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        NAME,
        VALUE,
        VALUE_LF,
        END_LF,
        DONE,
        BROKEN
    }

    /** Gets a body without the framing of its chunks. */
    public interface Reader {
        void data(ByteBuf in, int from, int count);

        /** A byte after the last chunk: of trailers, or of the empty line at the end. */
        default void trailer(byte c) {}
    }

    private final BodyListener listener;
    private final long limit;
    private final byte[] name = new byte[32];
    private State state = State.SIZE;
    private long remaining;
    private long announced;
    private int digits;
    private int length;
    private int trailers;

    /** Decodes a complete body that was parsed before: its data, and what follows the last chunk. */
    public static void decodeAgain(ByteBuf body, ByteBuf data, ByteBuf trailers) throws ProtocolException {
        new ChunkedBody(Long.MAX_VALUE, BodyListener.NONE).read(body, new Reader() {
            @Override
            public void data(ByteBuf in, int from, int count) {
                data.writeBytes(in, from, count);
            }

            @Override
            public void trailer(byte c) {
                trailers.writeByte(c);
            }
        });
    }

    /** The data of all chunks is limited to {@code limit} bytes. A chunk over the limit is rejected at its size line. */
    ChunkedBody(long limit, BodyListener listener) {
        this.limit = limit;
        this.listener = listener;
    }

    @Override
    public boolean complete() {
        return state == State.DONE;
    }

    /** Whether the next byte begins a chunk. */
    public boolean betweenChunks() {
        return state == State.SIZE && digits == 0;
    }

    @Override
    public int accept(ByteBuf in) throws ProtocolException {
        return follow(in, listener::data);
    }

    /** Like {@link #accept(ByteBuf)}, and appends the data without its framing to {@code out}. */
    public int decode(ByteBuf in, ByteBuf out) throws ProtocolException {
        return follow(in, (from, at, count) -> {
            listener.data(from, at, count);
            out.writeBytes(from, at, count);
        });
    }

    /** Like {@link #accept(ByteBuf)}, and passes the data to a reader, too. */
    public int read(ByteBuf in, Reader reader) throws ProtocolException {
        return follow(in, new Reader() {
            @Override
            public void data(ByteBuf from, int at, int count) {
                listener.data(from, at, count);
                reader.data(from, at, count);
            }

            @Override
            public void trailer(byte c) {
                reader.trailer(c);
            }
        });
    }

    private int follow(ByteBuf in, Reader reader) throws ProtocolException {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end && state != State.DONE) {
            if (state == State.DATA) {
                int count = data(end - at);
                reader.data(in, at, count);
                at += count;
            } else {
                byte c = in.getByte(at++);
                if (trailing()) {
                    reader.trailer(c);
                }
                state = step(c);
            }
        }
        return at - in.readerIndex();
    }

    private boolean trailing() {
        return switch (state) {
            case TRAILER, NAME, VALUE, VALUE_LF, END_LF -> true;
            case SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, DONE, BROKEN -> false;
        };
    }

    /** After an error, parsing the same bytes again must not find the end of the body. */
    private State step(byte c) throws ProtocolException {
        State before = state;
        state = State.BROKEN;
        return next(before, c);
    }

    private int data(int available) {
        int count = (int) Math.min(remaining, available);
        remaining -= count;
        if (remaining == 0) {
            state = State.DATA_CR;
        }
        return count;
    }

    private State next(State before, byte c) throws ProtocolException {
        return switch (before) {
            case SIZE -> size(c);
            case EXTENSION -> extension(c);
            case SIZE_LF -> sizeEnd(c);
            case DATA_CR -> expect(c, '\r', State.DATA_LF);
            case DATA_LF -> chunkEnd(c);
            case TRAILER -> c == '\r' ? State.END_LF : name(c, true);
            case NAME -> name(c, false);
            case VALUE -> value(c);
            case VALUE_LF -> expect(c, '\n', State.TRAILER);
            case END_LF -> expect(c, '\n', State.DONE);
            case BROKEN -> throw new ProtocolException("invalid chunked framing");
            case DATA, DONE -> throw new IllegalStateException("no byte is framing in " + before);
        };
    }

    private State size(byte c) throws ProtocolException {
        int digit = Ascii.hex(c);
        if (digit >= 0) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw new ProtocolException("a chunk size is too large");
            }
            remaining = remaining * 16 + digit;
            return State.SIZE;
        }
        if (digits == 0) {
            throw new ProtocolException("a chunk has no size");
        }
        length = 0;
        return c == ';' ? State.EXTENSION : expect(c, '\r', State.SIZE_LF);
    }

    private State extension(byte c) throws ProtocolException {
        if (c == '\r') {
            return State.SIZE_LF;
        }
        if (!Ascii.value(c) || ++length > MAX_EXTENSION_LENGTH) {
            throw new ProtocolException("a chunk extension is too long or contains a control character");
        }
        return State.EXTENSION;
    }

    private State sizeEnd(byte c) throws ProtocolException {
        digits = 0;
        announced += remaining;
        if (announced > limit) {
            throw new ProtocolException(
                    ProtocolException.Reason.BODY_TOO_LARGE, "the body is larger than " + limit + " bytes");
        }
        return expect(c, '\n', remaining == 0 ? State.TRAILER : State.DATA);
    }

    private State chunkEnd(byte c) throws ProtocolException {
        return expect(c, '\n', State.SIZE);
    }

    private State name(byte c, boolean first) throws ProtocolException {
        countTrailer();
        if (first) {
            length = 0;
        }
        if (c == ':' && length > 0) {
            if (length <= name.length && Field.of(name, 0, length).forbiddenInTrailers()) {
                throw new ProtocolException("a field that is not allowed in trailers");
            }
            return State.VALUE;
        }
        if (!Ascii.token(c)) {
            throw new ProtocolException("a trailer has no valid field name");
        }
        if (length < name.length) {
            name[length] = c;
        }
        length++;
        return State.NAME;
    }

    private State value(byte c) throws ProtocolException {
        countTrailer();
        if (c == '\r') {
            return State.VALUE_LF;
        }
        if (!Ascii.value(c)) {
            throw new ProtocolException("a trailer contains a control character");
        }
        return State.VALUE;
    }

    private void countTrailer() throws ProtocolException {
        if (++trailers > MAX_TRAILERS_LENGTH) {
            throw new ProtocolException(
                    ProtocolException.Reason.HEADER_TOO_LARGE, "the trailers are larger than 16 KiB");
        }
    }

    private static State expect(byte c, char wanted, State next) throws ProtocolException {
        if (c != wanted) {
            throw new ProtocolException("invalid chunked framing");
        }
        return next;
    }
}
