package io.sharedinference.proxy.telemetry;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.http.BodyListener;
import io.sharedinference.proxy.http.ContentKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the model and the token usage from JSON, or from the JSON of server-sent events, as bytes pass, in constant
 * memory. Only top-level keys, those of the object {@code usage} and, in an event of the Responses API, those of the object
 * {@code response} are read, not strings or deeper objects. Escapes are decoded, and the last of several values is used,
 * as the server reads them. Reused for each body of a connection; not thread-safe.
 */
public final class UsageScanner implements BodyListener {
    private enum State {
        LINE,
        SKIPPED_LINE,
        STRUCTURE,
        STRING,
        ESCAPE,
        NUMBER
    }

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final long MAX_TOKENS = 1_000_000_000_000L;

    private final byte[] piece;
    private final JsonString string = new JsonString();
    private ContentKind kind = ContentKind.OTHER;
    private boolean compressed;
    private State state = State.STRUCTURE;
    private UsageKey key = UsageKey.OTHER;
    private int depth;
    private boolean object;
    private boolean response;
    private boolean usage;
    private boolean keyExpected;
    private int matched;
    private long number;
    private long firstEventAt;
    private boolean eventSeen;
    private byte last;
    private Optional<String> model = Optional.empty();
    private final TokenCount tokens = new TokenCount();

    /** The buffer may be shared by scanners of the same thread. */
    public UsageScanner(byte[] piece) {
        this.piece = piece;
    }

    @Override
    public void begin(ContentKind next) {
        compressed = next == ContentKind.COMPRESSED;
        kind = compressed ? ContentKind.OTHER : next;
        model = Optional.empty();
        eventSeen = false;
        tokens.clear();
        beginDocument(next == ContentKind.EVENT_STREAM ? State.LINE : State.STRUCTURE);
    }

    @Override
    public void data(ByteBuf in, int from, int count) {
        if (kind == ContentKind.EVENT_STREAM && !eventSeen && count > 0) {
            eventSeen = true;
            firstEventAt = System.nanoTime();
        }
        if (kind == ContentKind.EVENT_STREAM && count > 0) {
            last = in.getByte(from + count - 1);
        }
        int end = from + count;
        for (int at = from; at < end && kind != ContentKind.OTHER; at += piece.length) {
            int size = Math.min(end - at, piece.length);
            in.getBytes(at, piece, 0, size);
            scan(size);
        }
    }

    /** How the body is parsed; {@link ContentKind#OTHER} also if it is not JSON. */
    public ContentKind kind() {
        return kind;
    }

    /** Whether the body cannot be parsed since it is compressed. */
    public boolean compressed() {
        return compressed;
    }

    /** When the first byte of an event stream arrived, in {@link System#nanoTime()}. */
    OptionalLong firstEventAt() {
        return eventSeen ? OptionalLong.of(firstEventAt) : OptionalLong.empty();
    }

    /** Whether an event stream is at the start of a line; after a CR, an LF may follow. */
    public boolean atLineStart() {
        return kind == ContentKind.EVENT_STREAM && state == State.LINE && matched == 0 && (!eventSeen || last == '\n');
    }

    /** The value of the top-level key {@code model}. */
    Optional<String> model() {
        return model;
    }

    /** The token usage. */
    TokenCount tokens() {
        return tokens;
    }

    private void scan(int end) {
        int at = 0;
        while (at < end && kind != ContentKind.OTHER) {
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
        matched = 0;
        object = false;
        response = false;
        usage = false;
        keyExpected = false;
        key = UsageKey.OTHER;
    }

    private int line(int at) {
        byte c = piece[at];
        if (JsonText.lineEnd(c)) {
            matched = 0;
        } else if (c != DATA[matched]) {
            state = State.SKIPPED_LINE;
        } else if (++matched == DATA.length) {
            beginDocument(State.STRUCTURE);
        }
        return at + 1;
    }

    private int skippedLine(int from, int end) {
        int at = from;
        while (at < end && !JsonText.lineEnd(piece[at])) {
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
        return depth == 1 && object || depth == 2 && response || usage && depth == usageDepth();
    }

    private int usageDepth() {
        return response ? 3 : 2;
    }

    private void open(byte bracket) {
        boolean value = bracket == '{' && !keyExpected;
        depth++;
        if (depth == 1) {
            object = bracket == '{';
        } else if (value && key == UsageKey.RESPONSE && kind == ContentKind.EVENT_STREAM) {
            response = true;
        } else if (value && key == UsageKey.USAGE) {
            usage = true;
            tokens.clear();
        }
        separator(bracket == '{');
    }

    private void close() {
        depth = Math.max(0, depth - 1);
        usage &= depth >= usageDepth();
        response &= depth >= 2;
        separator(false);
    }

    private void separator(boolean keyFollows) {
        key = UsageKey.OTHER;
        keyExpected = keyFollows && watched();
    }

    private void endLine() {
        if (kind == ContentKind.EVENT_STREAM) {
            beginDocument(State.LINE);
        }
    }

    private void beginString() {
        state = State.STRING;
        string.begin(keyExpected || key == UsageKey.MODEL);
    }

    private int string(int from, int end) {
        int at = JsonText.end(piece, from, end);
        string.append(piece, from, at);
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
        if (JsonText.lineEnd(c)) {
            broken();
        } else if (string.escape(c)) {
            state = State.STRING;
        }
        return at + 1;
    }

    private void endString() {
        state = State.STRUCTURE;
        if (keyExpected) {
            key = string.key(usage ? 2 : 1);
        } else if (key == UsageKey.MODEL) {
            string.value().ifPresent(value -> model = Optional.of(value));
        }
    }

    /** Strings cannot contain line breaks: skips to the next event. */
    private void broken() {
        if (kind == ContentKind.EVENT_STREAM) {
            beginDocument(State.LINE);
        } else {
            kind = ContentKind.OTHER;
        }
    }

    private void beginNumber() {
        state = State.NUMBER;
        number = 0;
    }

    private int number(int at) {
        byte c = piece[at];
        if (c >= '0' && c <= '9') {
            number = Math.min(MAX_TOKENS, number * 10 + (c - '0'));
            return at + 1;
        }
        if (c <= ' ' || c == ',' || c == '}') {
            tokens.count(key, number);
        }
        key = UsageKey.OTHER;
        state = State.STRUCTURE;
        return at;
    }
}
