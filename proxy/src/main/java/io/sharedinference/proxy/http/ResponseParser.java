package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Reads the shared API's heads, as strictly as requests, and writes them again for the client: the same bytes but for
 * what concerns the connection. One per event loop; what it returns stays valid, its own state not.
 */
public final class ResponseParser {
    private static final byte[] CLOSE = "Connection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int STATUS = "HTTP/1.1 ".length();

    private final HeaderSection lines = new HeaderSection();
    private int linesStart;

    /** Reads one complete head of {@code length} bytes; the buffer's position stays. The body shows itself to the scan. */
    public Response parse(ByteBuf in, int length, boolean answersHead, BodyListener listener) throws ProtocolException {
        lines.load(in, length);
        boolean http11 = version();
        int status = status();
        linesStart = reasonEnd() + 2;
        lines.parse(linesStart);
        if (lines.chunked() && !http11) {
            throw new ProtocolException("Transfer-Encoding in HTTP/1.0");
        }
        boolean persistent = http11 && !lines.close() && !(status == 204 && announcesBody());
        listener.begin(ContentKind.of(lines));
        return new Response(status, body(status, answersHead, listener), persistent, http11);
    }

    /**
     * Writes the head that was parsed last, for the client.
     *
     * @param chunks whether the client knows chunks; if not, what announces them is left out
     * @param spare room to leave behind the head, for a body that is already there
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
            throw new ProtocolException("a control character in the status line");
        }
        return at;
    }

    /** What must not follow a 204 may yet do so, and would be taken for the next answer. */
    private boolean announcesBody() {
        return lines.chunked() || lines.contentLength() > 0;
    }

    private Body body(int status, boolean answersHead, BodyListener listener) throws ProtocolException {
        if (status == 101) {
            throw new ProtocolException("switches protocols without being asked to");
        }
        if (answersHead || status < 200 || status == 204 || status == 304) {
            return new Body.Length(0, listener);
        }
        if (lines.chunked()) {
            return new ChunkedBody(Long.MAX_VALUE, listener);
        }
        return lines.contentLength() >= 0
                ? new Body.Length(lines.contentLength(), listener) : new Body.UntilClose(listener);
    }
}
