package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Parses response header sections, as strictly as requests, and rewrites them for the client without hop-by-hop fields.
 * One per event loop; what it returns stays valid, its own state until the next parse.
 */
public final class ResponseParser {
    private static final byte[] CLOSE = "Connection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int STATUS = "HTTP/1.1 ".length();

    private final HeaderSection lines = new HeaderSection();
    private int linesStart;

    /** Parses one complete header section of {@code length} bytes. The buffer's position does not change. */
    public Response parse(ByteBuf in, int length, boolean toHead, BodyListener listener) throws ProtocolException {
        lines.load(in, length);
        boolean http11 = version();
        int status = status();
        linesStart = reasonEnd() + 2;
        lines.parse(linesStart);
        if (lines.chunked() && !http11) {
            throw new ProtocolException("Transfer-Encoding is not allowed in HTTP/1.0");
        }
        boolean persistent = http11 && !lines.close() && !(status == 204 && announcesBody());
        listener.begin(ContentKind.of(lines));
        return new Response(status, body(status, toHead, listener), persistent, http11);
    }

    /** Whether the body that was parsed last has a Content-Length, which is removed: its length will change. */
    public boolean dropContentLength() {
        lines.drop(Field.CONTENT_LENGTH);
        return lines.contentLength() >= 0;
    }

    /**
     * Writes the header section that was parsed last, for the client.
     *
     * @param chunks whether the client supports chunks; if not, the fields that announce them are removed
     * @param spare bytes to reserve for a body that has already been received
     */
    public ByteBuf write(boolean closes, boolean chunks, int spare, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(lines.length() + CLOSE.length + spare);
        int copied = 0;
        for (int i = 0; i < lines.count(); i++) {
            if (lines.dropped(i) || !chunks && lines.field(i).announcesChunks()) {
                lines.write(copied, lines.start(i), out);
                copied = lines.start(i + 1);
            }
        }
        lines.write(copied, lines.start(lines.count()), out);
        return out.writeBytes(closes ? CLOSE : LINE_END);
    }

    private boolean version() throws ProtocolException {
        String version = lines.length() < STATUS + 5 ? "" : lines.text(0, STATUS);
        if (!version.equals("HTTP/1.1 ") && !version.equals("HTTP/1.0 ")) {
            throw new ProtocolException("the status line has no valid version");
        }
        return version.equals("HTTP/1.1 ");
    }

    private int status() throws ProtocolException {
        byte[] bytes = lines.bytes();
        int status = 0;
        for (int i = STATUS; i < STATUS + 3; i++) {
            if (!Ascii.digit(bytes[i])) {
                throw new ProtocolException("the status line has no valid status");
            }
            status = status * 10 + (bytes[i] - '0');
        }
        byte next = bytes[STATUS + 3];
        if (status < 100 || next != ' ' && next != '\r') {
            throw new ProtocolException("the status line has no valid status");
        }
        return status;
    }

    private int reasonEnd() throws ProtocolException {
        byte[] bytes = lines.bytes();
        int at = STATUS + 3;
        while (Ascii.value(bytes[at])) {
            at++;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            throw new ProtocolException("the status line contains a control character");
        }
        return at;
    }

    /** A 204 has no body, but a server may send one, which would be parsed as the next response. */
    private boolean announcesBody() {
        return lines.chunked() || lines.contentLength() > 0;
    }

    private Body body(int status, boolean toHead, BodyListener listener) throws ProtocolException {
        if (status == 101) {
            throw new ProtocolException("it switches protocols without a request to upgrade");
        }
        if (toHead || status < 200 || status == 204 || status == 304) {
            return new Body.Length(0, listener);
        }
        if (lines.chunked()) {
            return new ChunkedBody(Long.MAX_VALUE, listener);
        }
        return lines.contentLength() >= 0
                ? new Body.Length(lines.contentLength(), listener)
                : new Body.UntilClose(listener);
    }
}
