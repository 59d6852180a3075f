package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.telemetry.UsageScanner;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds and parses request header sections in received bytes. Confined to its event loop. */
final class RequestDecoder {
    private static final String HEAD = "HEAD ";

    private final ReceiveBuffer pending;
    private final RequestRewriter parser;
    private final UsageScanner scan;
    private final HeaderSectionEnd end;
    private boolean emptyLineSeen;
    private boolean begun;

    /** {@code scan} sees the request bodies. */
    RequestDecoder(ReceiveBuffer pending, RequestRewriter parser, UsageScanner scan, int maxLength) {
        this.pending = pending;
        this.parser = parser;
        this.scan = scan;
        this.end = new HeaderSectionEnd(maxLength);
    }

    /** Whether a part of a header section was received. */
    boolean begun() {
        return begun;
    }

    /** The next request, if its header section is complete. */
    Optional<Request> next() throws ProtocolException {
        begun = true;
        int length = end.find(pending.view());
        if (length == 2 && !emptyLineSeen) {
            // RFC 9112, 2.2: one empty line before a request line is ignored
            emptyLineSeen = true;
            pending.skip(length);
            begun = !pending.isEmpty();
            length = begun ? end.find(pending.view()) : -1;
        }
        if (length < 0) {
            return Optional.empty();
        }
        Request request = parser.parse(pending.view(), length, scan);
        pending.skip(length);
        begun = false;
        emptyLineSeen = false;
        return Optional.of(request);
    }

    /** Whether the received bytes begin a HEAD request: even if malformed, its response has no body. */
    boolean isHeadRequest() {
        ByteBuf waiting = pending.view();
        return waiting.readableBytes() >= HEAD.length()
                && waiting.toString(waiting.readerIndex(), HEAD.length(), StandardCharsets.US_ASCII)
                        .equals(HEAD);
    }
}
