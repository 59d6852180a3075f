package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sharedinference.proxy.auth.BearerToken;
import io.sharedinference.proxy.http.Ascii;
import io.sharedinference.proxy.http.BodyListener;
import io.sharedinference.proxy.http.Field;
import io.sharedinference.proxy.http.HeaderSection;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.http.RequestParser;
import io.sharedinference.proxy.telemetry.Trace;
import io.sharedinference.proxy.upstream.Target;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parses request header sections and rewrites them for the shared API: the same bytes, except for the credentials, the
 * Host and hop-by-hop fields. One per event loop; its state is that of the last parse.
 */
final class RequestRewriter {
    private static final byte[] BEARER = "bearer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOST = "Host: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final String VERSION_PATH = "/version";
    /** Percent-encoded or not, with parameters or without; some servers treat a backslash as a slash. */
    private static final Pattern DOT_SEGMENT =
            Pattern.compile("(?i)(?:^|[/\\\\]|%2f|%5c)(?:\\.|%2e){1,2}(?:$|[/\\\\;]|%2f|%5c|%3b)");

    private final RequestParser parser;
    private final HeaderSection lines;
    private final RequestRules rules;
    private final int maxToken;
    private final Trace trace;
    private Optional<BearerToken> token = Optional.empty();
    private boolean open;

    RequestRewriter(RequestRules rules, Limits limits) {
        this.parser = new RequestParser(limits.body());
        this.lines = parser.lines();
        this.rules = rules;
        this.maxToken = limits.token();
        this.trace = new Trace(rules.traceStart());
    }

    /** Parses one complete header section of {@code length} bytes. The buffer's position does not change. */
    Request parse(ByteBuf in, int length, BodyListener listener) throws ProtocolException {
        Request request = parser.parse(in, length, listener);
        rules.stripped().dropFrom(lines);
        open = request.body().complete()
                && (asksForVersion(request.method()) || rules.openPreflights() && preflight(request.method()));
        token = readToken();
        trace.read(lines);
        return request;
    }

    /** Whether the request that was parsed last is forwarded without authentication. */
    boolean open() {
        return open;
    }

    /** The client's token in the request that was parsed last, if it has a valid one. */
    Optional<BearerToken> token() {
        return token;
    }

    /** The trace that the request that was parsed last belongs to. */
    Trace trace() {
        return trace;
    }

    /** Whether the path that was parsed last has a segment that some servers treat as {@code .} or {@code ..}. */
    boolean dotSegments() {
        return DOT_SEGMENT
                .matcher(lines.text(parser.pathStart(), parser.pathEnd()))
                .find();
    }

    /**
     * Writes the header section that was parsed last, for the shared API.
     *
     * @param spare bytes to reserve for a body that has already been received
     */
    ByteBuf write(Target target, int spare, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(lines.length() + target.length() + 160 + spare);
        writeStartLine(target, out);
        if (lines.count(Field.HOST) == 0) {
            out.writeBytes(HOST);
            target.writeAuthority(out);
            out.writeBytes(LINE_END);
        }
        int copied = parser.linesStart();
        for (int i = 0; i < lines.count(); i++) {
            if (changes(i)) {
                lines.write(copied, lines.start(i), out);
                writeChanged(i, target, out);
                copied = lines.start(i + 1);
            }
        }
        lines.write(copied, lines.start(lines.count()), out);
        trace.write(out);
        return out.writeBytes(LINE_END);
    }

    private void writeStartLine(Target target, ByteBuf out) {
        int pathStart = parser.pathStart();
        int pathEnd = parser.pathEnd();
        int targetEnd = parser.targetEnd();
        lines.write(0, parser.targetStart(), out);
        if (lines.bytes()[pathStart] == '/') {
            target.writeBasePath(out);
        }
        StrippedCredentials stripped = rules.stripped();
        if (stripped.parameters().isEmpty() || pathEnd == targetEnd) {
            lines.write(pathStart, parser.linesStart(), out);
        } else {
            lines.write(pathStart, pathEnd, out);
            out.writeCharSequence(stripped.query(lines.text(pathEnd, targetEnd)), StandardCharsets.ISO_8859_1);
            lines.write(targetEnd, parser.linesStart(), out);
        }
        // RFC 9110, 2.5: the version is that of the sender, which is this proxy
        out.setByte(out.writerIndex() - LINE_END.length - 1, '1');
    }

    /** Most lines are unchanged; runs of them are copied at once. */
    private boolean changes(int line) {
        return switch (lines.field(line)) {
            case HOST, AUTHORIZATION, EXPECT -> true;
            case CONTENT_LENGTH, TRANSFER_ENCODING -> !lines.canonical(line);
            default -> lines.dropped(line);
        };
    }

    private void writeChanged(int line, Target target, ByteBuf out) {
        switch (lines.field(line)) {
            case HOST -> {
                lines.writeName(line, out);
                target.writeAuthority(out);
                out.writeBytes(LINE_END);
            }
            case AUTHORIZATION -> {
                if (!open) {
                    lines.writeName(line, out);
                    target.writeCredentials(out);
                    out.writeBytes(LINE_END);
                }
            }
            case CONTENT_LENGTH -> writeFraming(line, Long.toString(lines.contentLength()), out);
            case TRANSFER_ENCODING -> writeFraming(line, "chunked", out);
            default -> {}
        }
    }

    /** In the canonical form, which every server parses alike. */
    private void writeFraming(int line, String value, ByteBuf out) {
        lines.writeName(line, out);
        out.writeCharSequence(value, StandardCharsets.US_ASCII);
        out.writeBytes(LINE_END);
    }

    private boolean asksForVersion(String method) {
        return method.equals("GET")
                && parser.targetEnd() - parser.pathStart() == VERSION_PATH.length()
                && lines.text(parser.pathStart(), parser.targetEnd()).equals(VERSION_PATH);
    }

    /** A CORS preflight request, which browsers always send without credentials. */
    private boolean preflight(String method) {
        return method.equals("OPTIONS")
                && lines.count(Field.ORIGIN) == 1
                && lines.count(Field.PREFLIGHT_METHOD) == 1
                && lines.count(Field.AUTHORIZATION) == 0;
    }

    private Optional<BearerToken> readToken() throws ProtocolException {
        int line = lines.first(Field.AUTHORIZATION);
        if (line < 0) {
            return Optional.empty();
        }
        byte[] bytes = lines.bytes();
        int from = lines.valueStart(line);
        int to = lines.valueEnd(line);
        int schemeEnd = from + BEARER.length;
        if (schemeEnd >= to || bytes[schemeEnd] != ' ' || !Ascii.equalsLowerCase(bytes, from, schemeEnd, BEARER)) {
            return Optional.empty();
        }
        int start = schemeEnd;
        while (start < to && bytes[start] == ' ') {
            start++;
        }
        if (to - start > maxToken) {
            throw new ProtocolException(
                    ProtocolException.Reason.HEADER_TOO_LARGE, "the token is larger than " + maxToken + " bytes");
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
