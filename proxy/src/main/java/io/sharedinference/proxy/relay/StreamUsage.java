package io.sharedinference.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sharedinference.proxy.http.Body;
import io.sharedinference.proxy.http.BodyListener;
import io.sharedinference.proxy.http.ChunkedBody;
import io.sharedinference.proxy.http.ContentKind;
import io.sharedinference.proxy.http.HeaderSection;
import io.sharedinference.proxy.http.ProtocolException;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.http.RequestParser;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.telemetry.Uncounted;
import io.sharedinference.proxy.telemetry.UsageScanner;
import io.sharedinference.proxy.usage.IncludeUsage;
import java.nio.charset.StandardCharsets;

/**
 * Adds {@code include_usage} to requests for event streams, whose token usage would be unknown otherwise. One per event
 * loop.
 */
final class StreamUsage {
    private static final byte[] IDENTITY = "Accept-Encoding: identity\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};

    private final int maxBody;
    private final RequestParser parser = new RequestParser(Long.MAX_VALUE);

    /** {@code maxBody} is in bytes; larger bodies are not changed. */
    StreamUsage(int maxBody) {
        this.maxBody = maxBody;
    }

    int maxBody() {
        return maxBody;
    }

    /** Whether the body of a request whose header section was parsed is held, since {@code include_usage} may be added. */
    boolean holds(Request request, UsageScanner scan, AccessEntry entry) {
        if (!entry.mayHaveStreamOptions()) {
            return false;
        }
        if (scan.kind() != ContentKind.JSON || request.body().complete()) {
            entry.countUnknownUsage(scan.compressed() ? Uncounted.COMPRESSED : Uncounted.NOT_JSON);
            return false;
        }
        boolean fits = !(request.body() instanceof Body.Length known) || known.remaining() <= maxBody;
        entry.countUnknownUsage(fits ? Uncounted.NOT_REPORTED : Uncounted.BODY_TOO_LARGE);
        return fits;
    }

    /**
     * Adds {@code include_usage} to a complete request if it can be added.
     *
     * @param request the rewritten header section of {@code headerLength} bytes, and the body as it is framed
     * @return the request itself if nothing was added, else a new one, which the caller owns
     */
    ByteBuf amend(ByteBuf request, int headerLength, boolean chunked, AccessEntry entry, ByteBufAllocator allocator) {
        try {
            return amended(request, headerLength, chunked, entry, allocator);
        } catch (ProtocolException e) {
            // it was parsed before, but a line was added, which may be one too many
            return request;
        }
    }

    private ByteBuf amended(
            ByteBuf request, int headerLength, boolean chunked, AccessEntry entry, ByteBufAllocator allocator)
            throws ProtocolException {
        ByteBuf framed = request.slice(headerLength, request.writerIndex() - headerLength);
        if (!chunked) {
            return addable(framed, entry) ? write(request, headerLength, framed, allocator) : request;
        }
        ByteBuf trailers = Unpooled.buffer(LINE_END.length);
        ByteBuf data = allocator.buffer(framed.readableBytes());
        try {
            ChunkedBody.decodeAgain(framed, data, trailers);
            return addable(data, entry) ? writeChunk(request, headerLength, data, trailers, allocator) : request;
        } finally {
            data.release();
        }
    }

    private static boolean addable(ByteBuf body, AccessEntry entry) {
        return switch (IncludeUsage.of(body)) {
            case ADDABLE -> true;
            case NO_STREAM -> false;
            case OPTIONS_PRESENT -> {
                entry.countUnknownUsage(Uncounted.STREAM_OPTIONS);
                yield false;
            }
            case NOT_JSON -> {
                entry.countUnknownUsage(Uncounted.NOT_JSON);
                yield false;
            }
        };
    }

    private ByteBuf write(ByteBuf request, int headerLength, ByteBuf body, ByteBufAllocator allocator)
            throws ProtocolException {
        ByteBuf out = header(request, headerLength, body.readableBytes(), allocator);
        IncludeUsage.write(body, out);
        return out;
    }

    private ByteBuf writeChunk(
            ByteBuf request, int headerLength, ByteBuf data, ByteBuf trailers, ByteBufAllocator allocator)
            throws ProtocolException {
        ByteBuf out = header(request, headerLength, data.readableBytes() + trailers.readableBytes(), allocator);
        out.writeCharSequence(
                Integer.toHexString(data.readableBytes() + IncludeUsage.length()) + "\r\n", StandardCharsets.US_ASCII);
        IncludeUsage.write(data, out);
        out.writeCharSequence("\r\n0\r\n", StandardCharsets.US_ASCII);
        return out.writeBytes(trailers);
    }

    /** The header section for a longer body, and a response that can be changed: one that is not compressed. */
    private ByteBuf header(ByteBuf request, int headerLength, int bodyLength, ByteBufAllocator allocator)
            throws ProtocolException {
        parser.parse(request, headerLength, BodyListener.NONE);
        HeaderSection lines = parser.lines();
        ByteBuf out = allocator.buffer(headerLength + IDENTITY.length + bodyLength + IncludeUsage.length() + 32);
        lines.write(0, parser.linesStart(), out);
        for (int i = 0; i < lines.count(); i++) {
            switch (lines.field(i)) {
                case CONTENT_LENGTH -> {
                    lines.writeName(i, out);
                    out.writeCharSequence(
                            Long.toString(lines.contentLength() + IncludeUsage.length()), StandardCharsets.US_ASCII);
                    out.writeBytes(LINE_END);
                }
                case ACCEPT_ENCODING -> {}
                default -> lines.write(lines.start(i), lines.start(i + 1), out);
            }
        }
        return out.writeBytes(IDENTITY).writeBytes(LINE_END);
    }
}
