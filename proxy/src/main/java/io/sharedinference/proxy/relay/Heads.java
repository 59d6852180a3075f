package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.usage.BodyScan;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The request heads in what a client has sent. Loop only. */
final class Heads {
    private static final String HEAD = "HEAD ";

    private final Pending pending;
    private final RequestParser parser;
    private final BodyScan scan;
    private final HeadEnd end;
    private boolean emptyLineSeen;
    private boolean begun;

    /** {@code scan} is that of the bodies behind them. */
    Heads(Pending pending, RequestParser parser, BodyScan scan, int largest) {
        this.pending = pending;
        this.parser = parser;
        this.scan = scan;
        this.end = new HeadEnd(largest);
    }

    /** Whether a part of one has come. */
    boolean begun() {
        return begun;
    }

    /** The next one, if all of it has come. */
    Optional<RequestHead> next() throws ProtocolException {
        begun = true;
        int length = end.find(pending.view());
        if (length == 2 && !emptyLineSeen) {
            // RFC 9112, 2.2: one empty line before a request line is forgiven
            emptyLineSeen = true;
            pending.skip(length);
            begun = !pending.isEmpty();
            length = begun ? end.find(pending.view()) : -1;
        }
        if (length < 0) {
            return Optional.empty();
        }
        RequestHead head = parser.parse(pending.view(), length, scan);
        pending.skip(length);
        begun = false;
        emptyLineSeen = false;
        return Optional.of(head);
    }

    /** Whether what waits is a HEAD request: malformed or not, its answer has no body. */
    boolean asksForHead() {
        ByteBuf waiting = pending.view();
        return waiting.readableBytes() >= HEAD.length()
                && waiting.toString(waiting.readerIndex(), HEAD.length(), StandardCharsets.US_ASCII).equals(HEAD);
    }
}
