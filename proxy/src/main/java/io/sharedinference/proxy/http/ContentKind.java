package io.sharedinference.proxy.http;

import java.nio.charset.StandardCharsets;

/** What a body contains, by its header fields. */
public enum ContentKind {
    OTHER,
    JSON,
    EVENT_STREAM,
    /** JSON or an event stream, with a content coding. */
    COMPRESSED;

    private static final byte[] APPLICATION_JSON = "application/json".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IDENTITY = "identity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT_EVENT_STREAM = "text/event-stream".getBytes(StandardCharsets.US_ASCII);

    static ContentKind of(HeaderSection lines) {
        int line = lines.first(Field.CONTENT_TYPE);
        if (line < 0) {
            return OTHER;
        }
        ContentKind kind = mediaType(lines, line, APPLICATION_JSON)
                ? JSON
                : mediaType(lines, line, TEXT_EVENT_STREAM) ? EVENT_STREAM : OTHER;
        return kind != OTHER && encoded(lines) ? COMPRESSED : kind;
    }

    private static boolean encoded(HeaderSection lines) {
        int line = lines.first(Field.CONTENT_ENCODING);
        return line >= 0
                && !(lines.count(Field.CONTENT_ENCODING) == 1
                        && Ascii.equalsLowerCase(
                                lines.bytes(), lines.valueStart(line), lines.valueEnd(line), IDENTITY));
    }

    private static boolean mediaType(HeaderSection lines, int line, byte[] type) {
        byte[] bytes = lines.bytes();
        int from = lines.valueStart(line);
        int end = from + type.length;
        int to = lines.valueEnd(line);
        return end <= to
                && Ascii.equalsLowerCase(bytes, from, end, type)
                && (end == to || bytes[end] == ';' || Ascii.blank(bytes[end]));
    }
}
