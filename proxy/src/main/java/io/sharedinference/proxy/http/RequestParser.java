package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Parses request header sections. One per event loop; what it returns stays valid, its own state until the next parse. */
public final class RequestParser {
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "DELETE", "OPTIONS");
    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final int MAX_METHOD_LENGTH = 64;
    /** Longer paths are truncated in the log: clients choose them. */
    private static final int MAX_PATH_LENGTH = 512;

    private final HeaderSection lines = new HeaderSection();
    private final long maxBody;
    private int targetStart;
    private int pathStart;
    private int pathEnd;
    private int targetEnd;
    private int linesStart;
    private boolean http11;

    /** {@code maxBody} is in bytes; of a chunked body, it limits the data. */
    public RequestParser(long maxBody) {
        this.maxBody = maxBody;
    }

    /** Parses one complete header section of {@code length} bytes. The buffer's position does not change. */
    public Request parse(ByteBuf in, int length, BodyListener listener) throws ProtocolException {
        lines.load(in, length);
        int methodEnd = requestLine(lines.bytes());
        lines.parse(linesStart);
        checkHost();
        checkFraming();
        String method = method(methodEnd);
        pathStart = Authority.pathStart(lines.bytes(), targetStart, targetEnd);
        checkTarget(method);
        checkAuthorization();
        boolean hasBody = lines.chunked() || lines.contentLength() > 0;
        listener.begin(ContentKind.of(lines));
        return new Request(
                method,
                path(),
                http11 && !lines.close(),
                http11,
                expectsContinue(),
                body(listener),
                hasBody && BODILESS.contains(method),
                lines.contentLength() > maxBody);
    }

    /** The field lines that were parsed last. */
    public HeaderSection lines() {
        return lines;
    }

    /** Where the request target begins, a scheme and an authority included. */
    public int targetStart() {
        return targetStart;
    }

    /** Where the target's path begins. */
    public int pathStart() {
        return pathStart;
    }

    /** Where the path ends; a query follows up to {@link #targetEnd()}. */
    public int pathEnd() {
        return pathEnd;
    }

    /** Where the target ends. */
    public int targetEnd() {
        return targetEnd;
    }

    /** Where the first field line begins. */
    public int linesStart() {
        return linesStart;
    }

    /** Parses the request line. Returns where its method ends. */
    private int requestLine(byte[] bytes) throws ProtocolException {
        int methodEnd = methodEnd(bytes);
        targetStart = methodEnd + 1;
        targetEnd = targetEnd(bytes, targetStart);
        version(bytes, targetEnd + 1);
        linesStart = targetEnd + 1 + VERSION_LENGTH + 2;
        return methodEnd;
    }

    private static int methodEnd(byte[] bytes) throws ProtocolException {
        int at = 0;
        while (Ascii.token(bytes[at])) {
            at++;
        }
        if (at == 0 || bytes[at] != ' ') {
            throw new ProtocolException("the request line has no valid method");
        }
        if (at > MAX_METHOD_LENGTH) {
            throw new ProtocolException(ProtocolException.Reason.NOT_IMPLEMENTED, "the method is too long");
        }
        return at;
    }

    private static int targetEnd(byte[] bytes, int from) throws ProtocolException {
        int at = from;
        while (Ascii.visible(bytes[at])) {
            at++;
        }
        if (at == from || bytes[at] != ' ') {
            throw new ProtocolException("the request line has no valid target");
        }
        return at;
    }

    private void version(byte[] bytes, int from) throws ProtocolException {
        int end = from + VERSION_LENGTH;
        if (end + 2 > lines.length()
                || bytes[end] != '\r'
                || bytes[end + 1] != '\n'
                || !lines.text(from, from + 5).equals("HTTP/")
                || !Ascii.digit(bytes[from + 5])
                || bytes[from + 6] != '.'
                || !Ascii.digit(bytes[from + 7])) {
            throw new ProtocolException("the request line has no valid version");
        }
        http11 = bytes[from + 7] == '1';
        if (bytes[from + 5] != '1' || bytes[from + 7] > '1') {
            throw new ProtocolException(
                    ProtocolException.Reason.VERSION_NOT_SUPPORTED, "only HTTP/1.1 and HTTP/1.0 are supported");
        }
    }

    private String method(int end) {
        // the two most common methods need no new string
        return switch (end) {
            case 3 -> lines.text(0, 3).equals("GET") ? "GET" : lines.text(0, 3);
            case 4 -> lines.text(0, 4).equals("POST") ? "POST" : lines.text(0, 4);
            default -> lines.text(0, end);
        };
    }

    private String path() {
        byte[] bytes = lines.bytes();
        int end = pathStart;
        while (end < targetEnd && bytes[end] != '?') {
            end++;
        }
        pathEnd = end;
        return end - pathStart <= MAX_PATH_LENGTH
                ? lines.text(pathStart, end)
                : lines.text(pathStart, pathStart + MAX_PATH_LENGTH) + "...";
    }

    private void checkHost() throws ProtocolException {
        int hosts = lines.count(Field.HOST);
        if (hosts > 1 || hosts == 0 && http11) {
            throw new ProtocolException(hosts == 0 ? "no Host field" : "more than one Host field");
        }
        if (hosts == 1) {
            int line = lines.first(Field.HOST);
            if (!Authority.valid(lines.bytes(), lines.valueStart(line), lines.valueEnd(line))) {
                throw new ProtocolException("Host is not an authority");
            }
        }
    }

    private void checkFraming() throws ProtocolException {
        if (lines.chunked() && !http11) {
            throw new ProtocolException("Transfer-Encoding is not allowed in HTTP/1.0");
        }
    }

    private void checkAuthorization() throws ProtocolException {
        if (lines.count(Field.AUTHORIZATION) > 1) {
            throw new ProtocolException("more than one Authorization field");
        }
    }

    private void checkTarget(String method) throws ProtocolException {
        // CONNECT would open a tunnel, and TRACE would return the tenant's token to the user; some servers ignore case
        if (method.equalsIgnoreCase("CONNECT") || method.equalsIgnoreCase("TRACE")) {
            throw new ProtocolException(ProtocolException.Reason.NOT_IMPLEMENTED, method + " is not supported");
        }
        byte first = lines.bytes()[pathStart];
        boolean asterisk = first == '*' && targetEnd == pathStart + 1 && method.equals("OPTIONS");
        if (first != '/' && !asterisk) {
            throw new ProtocolException("the request target must be a path, or http://host followed by a path");
        }
    }

    private boolean expectsContinue() throws ProtocolException {
        int line = lines.first(Field.EXPECT);
        if (line < 0 || !http11) {
            return false;
        }
        if (lines.count(Field.EXPECT) > 1
                || !Ascii.equalsLowerCase(lines.bytes(), lines.valueStart(line), lines.valueEnd(line), CONTINUE)) {
            throw new ProtocolException(
                    ProtocolException.Reason.EXPECTATION_FAILED, "the only supported expectation is 100-continue");
        }
        return true;
    }

    private Body body(BodyListener listener) {
        return lines.chunked()
                ? new ChunkedBody(maxBody, listener)
                : new Body.Length(Math.max(0, lines.contentLength()), listener);
    }
}
