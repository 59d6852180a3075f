package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sharedinference.proxy.auth.BearerToken;
import io.sharedinference.proxy.upstream.Target;
import io.sharedinference.proxy.usage.BodyScan;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads request heads and writes them again for the shared API: the same bytes, but for the credential, the Host and
 * what concerns the client's connection only. One per event loop; what it returns stays valid, its own state not.
 */
final class RequestParser {
    private static final byte[] BEARER = "bearer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOST = "Host: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "DELETE", "OPTIONS");
    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final String VERSION_PATH = "/version";
    /** Encoded or not, with parameters or without; some servers take a backslash for a slash. */
    private static final Pattern DOT_SEGMENT = Pattern.compile(
            "(?i)(?:^|[/\\\\]|%2f|%5c)(?:\\.|%2e){1,2}(?:$|[/\\\\;]|%2f|%5c|%3b)");
    private static final int LONGEST_METHOD = 64;
    /** What is kept of a path, for the log: clients choose it. */
    private static final int LONGEST_PATH = 512;

    private final HeadLines lines = new HeadLines();
    private final Trace trace;
    private final long largestBody;
    private final int longestToken;
    private final RequestRules rules;
    private Optional<BearerToken> token = Optional.empty();
    private int targetStart;
    private int pathStart;
    private int pathEnd;
    private int targetEnd;
    private int linesStart;
    private boolean http11;

    RequestParser(RequestRules rules, long largestBody, int longestToken) {
        this.rules = rules;
        this.largestBody = largestBody;
        this.longestToken = longestToken;
        this.trace = new Trace(rules.traceStart());
    }

    /** Reads one complete head of {@code length} bytes; the buffer's position stays. The body shows itself to the scan. */
    RequestHead parse(ByteBuf in, int length, BodyScan scan) throws ProtocolException {
        lines.load(in, length);
        byte[] bytes = lines.bytes();
        int methodEnd = methodEnd(bytes);
        targetStart = methodEnd + 1;
        targetEnd = targetEnd(bytes, targetStart);
        version(bytes, targetEnd + 1);
        linesStart = targetEnd + 1 + VERSION_LENGTH + 2;
        lines.parse(linesStart);
        checkHost();
        checkFraming();
        rules.stripped().dropFrom(lines);
        String method = method(methodEnd);
        pathStart = Authority.pathStart(bytes, targetStart, targetEnd);
        checkTarget(method);
        boolean hasBody = lines.chunked() || lines.contentLength() > 0;
        boolean open = !hasBody && (asksForVersion(method) || rules.openPreflights() && preflight(method));
        token = readToken();
        trace.read(lines);
        scan.begin(lines.bodyKind());
        return new RequestHead(method, path(), open, http11 && !lines.close(), http11, expectsContinue(),
                body(scan), hasBody && BODILESS.contains(method), lines.contentLength() > largestBody, trace.high(), trace.low());
    }

    /** The client's own credential in the head that was parsed last, if it has a usable one. */
    Optional<BearerToken> token() {
        return token;
    }

    /** Whether the path that was parsed last has a segment that some server could take for {@code .} or {@code ..}. */
    boolean dotSegments() {
        return DOT_SEGMENT.matcher(lines.text(pathStart, pathEnd)).find();
    }

    /**
     * Writes the head that was parsed last, for the shared API.
     *
     * @param authorized whether to put the tenant's token where the client's was
     * @param spare room to leave behind the head, for a body that is already there
     */
    ByteBuf write(Target target, boolean authorized, int spare, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(lines.length() + target.length() + 160 + spare);
        writeStartLine(target, out);
        if (lines.count(Field.HOST) == 0) {
            out.writeBytes(HOST);
            target.writeAuthority(out);
            out.writeBytes(LINE_END);
        }
        int copied = linesStart;
        for (int i = 0; i < lines.count(); i++) {
            if (changes(i)) {
                lines.write(copied, lines.start(i), out);
                writeChanged(i, target, authorized, out);
                copied = lines.start(i + 1);
            }
        }
        lines.write(copied, lines.start(lines.count()), out);
        trace.write(out);
        return out.writeBytes(LINE_END);
    }

    private void writeStartLine(Target target, ByteBuf out) {
        lines.write(0, targetStart, out);
        if (lines.bytes()[pathStart] == '/') {
            target.writeBasePath(out);
        }
        StrippedCredentials stripped = rules.stripped();
        if (stripped.parameters().isEmpty() || pathEnd == targetEnd) {
            lines.write(pathStart, linesStart, out);
        } else {
            lines.write(pathStart, pathEnd, out);
            out.writeCharSequence(stripped.query(lines.text(pathEnd, targetEnd)), StandardCharsets.ISO_8859_1);
            lines.write(targetEnd, linesStart, out);
        }
        // RFC 9110, 2.5: the version is that of the sender, which is this proxy
        out.setByte(out.writerIndex() - LINE_END.length - 1, '1');
    }

    /** Most lines pass as they are, and so do stretches of them. */
    private boolean changes(int line) {
        return switch (lines.field(line)) {
            case HOST, AUTHORIZATION, EXPECT -> true;
            case CONTENT_LENGTH, TRANSFER_ENCODING -> !lines.canonical(line);
            default -> lines.dropped(line);
        };
    }

    private void writeChanged(int line, Target target, boolean authorized, ByteBuf out) {
        switch (lines.field(line)) {
            case HOST -> {
                lines.writeName(line, out);
                target.writeAuthority(out);
                out.writeBytes(LINE_END);
            }
            case AUTHORIZATION -> {
                if (authorized) {
                    lines.writeName(line, out);
                    target.writeCredentials(out);
                    out.writeBytes(LINE_END);
                }
            }
            case CONTENT_LENGTH -> writeFraming(line, Long.toString(lines.contentLength()), out);
            case TRANSFER_ENCODING -> writeFraming(line, "chunked", out);
            default -> { }
        }
    }

    /** In the one form that nobody reads differently. */
    private void writeFraming(int line, String value, ByteBuf out) {
        lines.writeName(line, out);
        out.writeCharSequence(value, StandardCharsets.US_ASCII);
        out.writeBytes(LINE_END);
    }

    private static int methodEnd(byte[] bytes) throws ProtocolException {
        int at = 0;
        while (Ascii.token(bytes[at])) {
            at++;
        }
        if (at == 0 || bytes[at] != ' ') {
            throw new ProtocolException("the request line has no valid method");
        }
        if (at > LONGEST_METHOD) {
            throw new ProtocolException(Refusal.NOT_IMPLEMENTED, "the method is longer than any that is known");
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
        if (end + 2 > lines.length() || bytes[end] != '\r' || bytes[end + 1] != '\n'
                || !lines.text(from, from + 5).equals("HTTP/")
                || !Ascii.digit(bytes[from + 5]) || bytes[from + 6] != '.' || !Ascii.digit(bytes[from + 7])) {
            throw new ProtocolException("the request line has no valid version");
        }
        http11 = bytes[from + 7] == '1';
        if (bytes[from + 5] != '1' || bytes[from + 7] > '1') {
            throw new ProtocolException(Refusal.VERSION_NOT_SUPPORTED, "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
    }

    private String method(int end) {
        // the two that nearly all requests have need no new string
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
        return end - pathStart <= LONGEST_PATH
                ? lines.text(pathStart, end) : lines.text(pathStart, pathStart + LONGEST_PATH) + "...";
    }

    private void checkHost() throws ProtocolException {
        int hosts = lines.count(Field.HOST);
        if (hosts > 1 || hosts == 0 && http11) {
            throw new ProtocolException(hosts == 0 ? "no Host" : "more than one Host");
        }
        if (hosts == 1) {
            int line = lines.first(Field.HOST);
            if (!Authority.valid(lines.bytes(), lines.valueStart(line), lines.valueEnd(line))) {
                throw new ProtocolException("Host is no authority");
            }
        }
    }

    private void checkFraming() throws ProtocolException {
        if (lines.chunked() && !http11) {
            throw new ProtocolException("Transfer-Encoding in HTTP/1.0");
        }
    }

    private void checkTarget(String method) throws ProtocolException {
        // CONNECT would make a tunnel, and TRACE would answer the tenant's token to its user; some servers take any case
        if (method.equalsIgnoreCase("CONNECT") || method.equalsIgnoreCase("TRACE")) {
            throw new ProtocolException(Refusal.NOT_IMPLEMENTED, method + " is not offered");
        }
        byte first = lines.bytes()[pathStart];
        boolean asterisk = first == '*' && targetEnd == pathStart + 1 && method.equals("OPTIONS");
        if (first != '/' && !asterisk) {
            throw new ProtocolException("the target must be a path, or http://host and a path");
        }
    }

    private boolean asksForVersion(String method) {
        return method.equals("GET") && targetEnd - pathStart == VERSION_PATH.length()
                && lines.text(pathStart, targetEnd).equals(VERSION_PATH);
    }

    /** What a browser asks before a page may send a request: it never has a token. */
    private boolean preflight(String method) {
        return method.equals("OPTIONS") && lines.count(Field.ORIGIN) == 1
                && lines.count(Field.PREFLIGHT_METHOD) == 1 && lines.count(Field.AUTHORIZATION) == 0;
    }

    private boolean expectsContinue() throws ProtocolException {
        int line = lines.first(Field.EXPECT);
        if (line < 0 || !http11) {
            return false;
        }
        if (lines.count(Field.EXPECT) > 1
                || !Ascii.equalsLowerCase(lines.bytes(), lines.valueStart(line), lines.valueEnd(line), CONTINUE)) {
            throw new ProtocolException(Refusal.EXPECTATION_FAILED, "no expectation but 100-continue is met");
        }
        return true;
    }

    private Body body(BodyScan scan) {
        return lines.chunked() ? new ChunkedBody(largestBody, scan) : new Body.Length(Math.max(0, lines.contentLength()), scan);
    }

    private Optional<BearerToken> readToken() throws ProtocolException {
        if (lines.count(Field.AUTHORIZATION) > 1) {
            throw new ProtocolException("more than one Authorization");
        }
        int line = lines.first(Field.AUTHORIZATION);
        if (line < 0) {
            return Optional.empty();
        }
        byte[] bytes = lines.bytes();
        int from = lines.valueStart(line);
        int to = lines.valueEnd(line);
        int schemeEnd = from + BEARER.length;
        if (schemeEnd >= to || bytes[schemeEnd] != ' '
                || !Ascii.equalsLowerCase(bytes, from, schemeEnd, BEARER)) {
            return Optional.empty();
        }
        int start = schemeEnd;
        while (start < to && bytes[start] == ' ') {
            start++;
        }
        if (to - start > longestToken) {
            throw new ProtocolException(Refusal.HEAD_TOO_LARGE, "the token is larger than " + longestToken + " bytes");
        }
        return visible(bytes, start, to) ? Optional.of(new BearerToken(bytes, start, to)) : Optional.empty();
    }

    private static boolean visible(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.visible(bytes[i])) {
                return false;
            }
        }
        return from < to;
    }
}
