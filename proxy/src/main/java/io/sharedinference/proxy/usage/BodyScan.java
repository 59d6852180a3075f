package io.sharedinference.proxy.usage;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the model and the token usage out of JSON, or out of the JSON of server-sent events, while it passes: piece by
 * piece, cut wherever it may be, in constant memory. Only keys of the document itself count, and those of its object
 * {@code usage}: what stands in a text or deeper down doesn't. Of several the last one counts. Used for one body after
 * the other; not thread-safe.
 */
public final class BodyScan {
    /** How a body is to be read. */
    public enum Kind { NONE, JSON, EVENTS }

    private enum State { LINE, SKIPPED_LINE, STRUCTURE, STRING, ESCAPE, NUMBER }

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_TEXT = 96;
    private static final long MOST_TOKENS = 1_000_000_000_000L;

    private final byte[] piece;
    private final byte[] text = new byte[LONGEST_TEXT];
    private Kind kind = Kind.NONE;
    private State state = State.STRUCTURE;
    private Key key = Key.OTHER;
    private int depth;
    private boolean object;
    private boolean usage;
    private boolean keyExpected;
    private boolean kept;
    private int length;
    private long number;
    private long firstEventAt;
    private boolean eventSeen;
    private byte last;
    private Optional<String> model = Optional.empty();
    private final TokenCount tokens = new TokenCount();

    /** The array is room to work in, which scans of the same thread may share. */
    public BodyScan(byte[] piece) {
        this.piece = piece;
    }

    /** Forgets the body before. */
    public void begin(Kind next) {
        kind = next;
        model = Optional.empty();
        eventSeen = false;
        tokens.clear();
        beginDocument(next == Kind.EVENTS ? State.LINE : State.STRUCTURE);
    }

    /** Takes the next bytes of the body; the buffer's position stays. */
    public void take(ByteBuf in, int from, int count) {
        if (kind == Kind.EVENTS && !eventSeen && count > 0) {
            eventSeen = true;
            firstEventAt = System.nanoTime();
        }
        if (kind == Kind.EVENTS && count > 0) {
            last = in.getByte(from + count - 1);
        }
        int end = from + count;
        for (int at = from; at < end && kind != Kind.NONE; at += piece.length) {
            int size = Math.min(end - at, piece.length);
            in.getBytes(at, piece, 0, size);
            scan(size);
        }
    }

    /** How the body is being read: {@link Kind#NONE} as well when it turned out to be no JSON. */
    public Kind kind() {
        return kind;
    }

    /** When the first byte of the events came, in {@link System#nanoTime()}. */
    public OptionalLong firstEventAt() {
        return eventSeen ? OptionalLong.of(firstEventAt) : OptionalLong.empty();
    }

    /** Whether a stream of events is where a line begins; behind a CR alone it may go on with an LF. */
    public boolean atLineStart() {
        return kind == Kind.EVENTS && state == State.LINE && length == 0 && (!eventSeen || last == '\n');
    }

    /** The value of the document's own {@code model}. */
    public Optional<String> model() {
        return model;
    }

    /** What the document says of tokens. */
    public TokenCount tokens() {
        return tokens;
    }

    private void scan(int end) {
        int at = 0;
        while (at < end && kind != Kind.NONE) {
            at = switch (state) {
                case LINE -> line(at);
                case SKIPPED_LINE -> skippedLine(at, end);
                case STRUCTURE -> structure(at, end);
                case STRING -> string(at, end);
                case ESCAPE -> escape(at);
                case NUMBER -> number(at);
            };
        }
    }

    private void beginDocument(State first) {
        state = first;
        depth = 0;
        length = 0;
        object = false;
        usage = false;
        keyExpected = false;
        key = Key.OTHER;
    }

    private int line(int at) {
        byte c = piece[at];
        if (lineEnd(c)) {
            length = 0;
        } else if (c != DATA[length]) {
            state = State.SKIPPED_LINE;
        } else if (++length == DATA.length) {
            beginDocument(State.STRUCTURE);
        }
        return at + 1;
    }

    private int skippedLine(int from, int end) {
        int at = from;
        while (at < end && !lineEnd(piece[at])) {
            at++;
        }
        if (at < end) {
            beginDocument(State.LINE);
        }
        return at;
    }

    private int structure(int from, int end) {
        int at = from;
        while (at < end && state == State.STRUCTURE) {
            byte c = piece[at++];
            switch (c) {
                case '"' -> beginString();
                case '{', '[' -> open(c);
                case '}', ']' -> close();
                case ',' -> separator(true);
                case ':' -> keyExpected = false;
                case '\n', '\r' -> endLine();
                default -> {
                    if (key.counts() && c > ' ' && !keyExpected) {
                        beginNumber();
                        at--;
                    }
                }
            }
        }
        return at;
    }

    private boolean watched() {
        return depth == 1 && object || depth == 2 && usage;
    }

    private void open(byte bracket) {
        depth++;
        if (depth == 1) {
            object = bracket == '{';
        } else if (depth == 2) {
            usage = bracket == '{' && key == Key.USAGE && !keyExpected;
        }
        separator(bracket == '{');
    }

    private void close() {
        depth = Math.max(0, depth - 1);
        separator(false);
        if (depth < 2) {
            usage = false;
        }
    }

    private void separator(boolean keyFollows) {
        key = Key.OTHER;
        keyExpected = keyFollows && watched();
    }

    private void endLine() {
        if (kind == Kind.EVENTS) {
            beginDocument(State.LINE);
        }
    }

    private void beginString() {
        state = State.STRING;
        length = 0;
        kept = keyExpected || key == Key.MODEL;
    }

    private int string(int from, int end) {
        int at = endOfPlainText(from, end);
        keep(from, at);
        if (at == end) {
            return at;
        }
        switch (piece[at]) {
            case '"' -> endString();
            case '\\' -> state = State.ESCAPE;
            default -> broken();
        }
        return at + 1;
    }

    private int escape(int at) {
        byte c = piece[at];
        state = State.STRING;
        if (lineEnd(c)) {
            broken();
        } else if (c == '/' || c == '"' || c == '\\') {
            keep(at, at + 1);
        } else {
            kept = false;
        }
        return at + 1;
    }

    private void keep(int from, int to) {
        if (!kept) {
            return;
        }
        kept = length + to - from <= LONGEST_TEXT;
        if (kept) {
            System.arraycopy(piece, from, text, length, to - from);
            length += to - from;
        }
    }

    private void endString() {
        state = State.STRUCTURE;
        if (keyExpected) {
            key = kept ? Key.of(text, length, depth) : Key.OTHER;
        } else if (kept && key == Key.MODEL) {
            model = Optional.of(new String(text, 0, length, StandardCharsets.UTF_8));
        }
    }

    /** No string goes over a line's end: whatever this is, the next event is another one. */
    private void broken() {
        if (kind == Kind.EVENTS) {
            beginDocument(State.LINE);
        } else {
            kind = Kind.NONE;
        }
    }

    private void beginNumber() {
        state = State.NUMBER;
        number = 0;
    }

    private int number(int at) {
        byte c = piece[at];
        if (c >= '0' && c <= '9') {
            number = Math.min(MOST_TOKENS, number * 10 + (c - '0'));
            return at + 1;
        }
        if (c <= ' ' || c == ',' || c == '}') {
            tokens.count(key, number);
        }
        key = Key.OTHER;
        state = State.STRUCTURE;
        return at;
    }

    /** The first quote, backslash or line end, eight bytes at a time: most of what passes is text. */
    private int endOfPlainText(int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(piece, at);
            if ((with(word, '"') | with(word, '\\') | with(word, '\n') | with(word, '\r')) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        while (at < end && piece[at] != '"' && piece[at] != '\\' && !lineEnd(piece[at])) {
            at++;
        }
        return at;
    }

    /** Not zero if one of the eight bytes is the character. */
    private static long with(long word, char c) {
        long zero = word ^ ONES * c;
        return zero - ONES & ~zero & TOPS;
    }

    private static boolean lineEnd(byte c) {
        return c == '\n' || c == '\r';
    }
}
