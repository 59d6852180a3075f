package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.telemetry.UsageScanner;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The request heads in what a client has sent. Confined to its event loop. */
final class RequestDecoder {
    private static final String HEAD = "HEAD ";

    private final ReceiveBuffer pending;
    private final RequestRewriter parser;
    private final UsageScanner scan;
    private final HeaderSectionEnd end;
    private boolean emptyLineSeen;
    private boolean begun;

    /** {@code scan} is that of the bodies behind them. */
    RequestDecoder(ReceiveBuffer pending, RequestRewriter parser, UsageScanner scan, int largest) {
        this.pending = pending;
        this.parser = parser;
        this.scan = scan;
        this.end = new HeaderSectionEnd(largest);
    }

    /** Whether a part of one has come. */
    boolean begun() {
        return begun;
    }

    /** The next one, if all of it has come. */
    Optional<Request> next() throws ProtocolException {
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
        Request head = parser.parse(pending.view(), length, scan);
        pending.skip(length);
        begun = false;
        emptyLineSeen = false;
        return Optional.of(head);
    }

    /** Whether what waits is a HEAD request: malformed or not, its answer has no body. */
    boolean isHeadRequest() {
        ByteBuf waiting = pending.view();
        return waiting.readableBytes() >= HEAD.length()
                && waiting.toString(waiting.readerIndex(), HEAD.length(), StandardCharsets.US_ASCII).equals(HEAD);
    }
}
