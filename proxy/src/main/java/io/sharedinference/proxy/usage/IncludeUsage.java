package io.sharedinference.proxy.usage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Whether {@code include_usage} can be added to a complete request body, and how. */
public enum IncludeUsage {
    /** It requests a stream and has no {@code stream_options}. */
    ADDABLE,
    /** It has {@code stream_options}, whatever they are. */
    OPTIONS_PRESENT,
    /** It does not request a stream. */
    NO_STREAM,
    /** It is not a JSON object in UTF-8. */
    NOT_JSON;

    private static final byte[] ADDED =
            "\"stream_options\":{\"include_usage\":true},".getBytes(StandardCharsets.US_ASCII);
    /** Clients choose the names, so none are cached. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Reads a body. Its position does not change. */
    public static IncludeUsage of(ByteBuf body) {
        int brace = brace(body);
        // a zero byte after the brace: UTF-16 or UTF-32
        if (brace < 0 || brace + 1 == body.writerIndex() || body.getByte(brace + 1) == 0) {
            return NOT_JSON;
        }
        InputStream bytes = new ByteBufInputStream(body.duplicate());
        try (JsonParser parser = JSON.createParser(bytes)) {
            return read(parser);
        } catch (IOException e) {
            return NOT_JSON;
        }
    }

    /** How many bytes are added. */
    public static int length() {
        return ADDED.length;
    }

    /** Appends a body that is {@link #ADDABLE} with the addition as its first member. */
    public static void write(ByteBuf body, ByteBuf out) {
        int behindBrace = brace(body) + 1;
        out.writeBytes(body, body.readerIndex(), behindBrace - body.readerIndex());
        out.writeBytes(ADDED);
        out.writeBytes(body, behindBrace, body.writerIndex() - behindBrace);
    }

    private static IncludeUsage read(JsonParser parser) throws IOException {
        boolean stream = false;
        boolean options = false;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            // the last of several values counts, as the server reads them
            stream = name.equals("stream") ? value == JsonToken.VALUE_TRUE : stream;
            options |= name.equals("stream_options");
            parser.skipChildren();
        }
        if (parser.nextToken() != null) {
            return NOT_JSON;
        }
        return !stream ? NO_STREAM : options ? OPTIONS_PRESENT : ADDABLE;
    }

    /** The index of the opening brace; negative if the body begins with anything else. */
    private static int brace(ByteBuf body) {
        for (int at = body.readerIndex(); at < body.writerIndex(); at++) {
            switch (body.getByte(at)) {
                case ' ', '\t', '\r', '\n' -> {}
                case '{' -> {
                    return at;
                }
                default -> {
                    return -1;
                }
            }
        }
        return -1;
    }
}
