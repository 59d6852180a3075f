package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field lines of one header section, as offsets into a byte array, with the message framing and connection options.
 * Each parse replaces the previous one. Strict: what two servers could parse differently is rejected.
 */
public final class HeaderSection {
    private static final int MAX_LINES = 256;
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_NUMBER_LENGTH = 18;

    private byte[] bytes = new byte[4096];
    private final int[] starts = new int[MAX_LINES + 1];
    private final int[] nameEnds = new int[MAX_LINES];
    private final int[] valueStarts = new int[MAX_LINES];
    private final int[] valueEnds = new int[MAX_LINES];
    private final Field[] fields = new Field[MAX_LINES];
    private final int[] firsts = new int[Field.values().length];
    private final int[] counts = new int[Field.values().length];
    private int count;
    private int length;
    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean nominates;

    /** Copies a complete header section. The buffer's position does not change. */
    void load(ByteBuf in, int sectionLength) {
        if (sectionLength > bytes.length) {
            bytes = new byte[Math.max(sectionLength, 2 * bytes.length)];
        }
        in.getBytes(in.readerIndex(), bytes, 0, sectionLength);
        length = sectionLength;
    }

    /** Parses the lines from {@code from}, the first byte after the start line. */
    void parse(int from) throws ProtocolException {
        count = 0;
        Arrays.fill(counts, 0);
        contentLength = -1;
        chunked = false;
        close = false;
        nominates = false;
        int at = from;
        while (bytes[at] != '\r') {
            at = line(at);
        }
        starts[count] = at;
        if (at + 2 != length) {
            throw new ProtocolException("a bare CR in the header section");
        }
        if (chunked && contentLength >= 0) {
            throw new ProtocolException("both Content-Length and Transfer-Encoding");
        }
    }

    private int line(int start) throws ProtocolException {
        int at = start;
        while (Ascii.token(bytes[at])) {
            at++;
        }
        if (at == start || bytes[at] != ':') {
            throw new ProtocolException("a field line has no valid name");
        }
        int nameEnd = at++;
        while (Ascii.blank(bytes[at])) {
            at++;
        }
        int valueStart = at;
        while (Ascii.value(bytes[at])) {
            at++;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            throw new ProtocolException("a field value contains a control character");
        }
        add(start, nameEnd, valueStart, at);
        return at + 2;
    }

    private void add(int start, int nameEnd, int valueStart, int lineEnd) throws ProtocolException {
        if (count == MAX_LINES) {
            throw new ProtocolException(
                    ProtocolException.Reason.HEADER_TOO_LARGE, "more than " + MAX_LINES + " field lines");
        }
        int valueEnd = Ascii.trimmed(bytes, valueStart, lineEnd);
        Field field = Field.of(bytes, start, nameEnd);
        starts[count] = start;
        nameEnds[count] = nameEnd;
        valueStarts[count] = valueStart;
        valueEnds[count] = valueEnd;
        fields[count] = field;
        if (counts[field.ordinal()]++ == 0) {
            firsts[field.ordinal()] = count;
        }
        count++;
        switch (field) {
            case CONTENT_LENGTH -> contentLength(valueStart, valueEnd);
            case TRANSFER_ENCODING -> transferEncoding(valueStart, valueEnd);
            case CONNECTION -> connection(valueStart, valueEnd);
            default -> {}
        }
    }

    private void contentLength(int from, int to) throws ProtocolException {
        if (contentLength >= 0) {
            throw new ProtocolException("more than one Content-Length field");
        }
        if (from == to || to - from > MAX_NUMBER_LENGTH) {
            throw new ProtocolException("Content-Length is not a number");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.digit(bytes[i])) {
                throw new ProtocolException("Content-Length is not a number");
            }
            value = value * 10 + (bytes[i] - '0');
        }
        contentLength = value;
    }

    private void transferEncoding(int from, int to) throws ProtocolException {
        if (chunked) {
            throw new ProtocolException("more than one Transfer-Encoding field");
        }
        if (!Ascii.equalsLowerCase(bytes, from, to, CHUNKED)) {
            throw new ProtocolException(
                    ProtocolException.Reason.NOT_IMPLEMENTED, "the only supported Transfer-Encoding is chunked");
        }
        chunked = true;
    }

    private void connection(int from, int to) {
        int at = from;
        while (at < to) {
            int end = optionEnd(at, to);
            if (Ascii.equalsLowerCase(bytes, at, end, CLOSE)) {
                close = true;
            } else if (!Ascii.equalsLowerCase(bytes, at, end, KEEP_ALIVE)) {
                nominates = true;
            }
            at = nextOption(end, to);
        }
    }

    private int optionEnd(int at, int to) {
        int end = at;
        while (end < to && bytes[end] != ',' && !Ascii.blank(bytes[end])) {
            end++;
        }
        return end;
    }

    private int nextOption(int end, int to) {
        int at = end;
        while (at < to && (bytes[at] == ',' || Ascii.blank(bytes[at]))) {
            at++;
        }
        return at;
    }

    /** Removes all lines of a field. */
    public void drop(Field field) {
        if (count(field) == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (fields[i] == field) {
                fields[i] = Field.DROPPED;
            }
        }
    }

    /** Removes all lines with a name, given in lower case. */
    public void drop(String name) {
        byte[] dropped = name.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < count; i++) {
            if (Ascii.equalsLowerCase(bytes, starts[i], nameEnds[i], dropped)) {
                fields[i] = Field.DROPPED;
            }
        }
    }

    /** Whether a framing line is in canonical form: one space, no trailing whitespace, lower case, no leading zeros. */
    public boolean canonical(int line) {
        int from = valueStarts[line];
        int to = valueEnds[line];
        boolean spaced = from == nameEnds[line] + 2 && bytes[from - 1] == ' ' && bytes[to] == '\r';
        return spaced
                && (fields[line] == Field.CONTENT_LENGTH
                        ? to - from == 1 || bytes[from] != '0'
                        : Arrays.equals(bytes, from, to, CHUNKED, 0, CHUNKED.length));
    }

    /** Whether a line is not forwarded: it is hop-by-hop, or a Connection field names it. */
    public boolean dropped(int line) {
        return fields[line].hopByHop() || nominates && fields[line].nominable() && nominated(line);
    }

    private boolean nominated(int line) {
        for (int i = 0; i < count; i++) {
            if (fields[i] == Field.CONNECTION && names(i, line)) {
                return true;
            }
        }
        return false;
    }

    private boolean names(int connectionLine, int line) {
        int to = valueEnds[connectionLine];
        int at = nextOption(valueStarts[connectionLine], to);
        while (at < to) {
            int end = optionEnd(at, to);
            if (Ascii.equalsIgnoreCase(bytes, at, end, starts[line], nameEnds[line])) {
                return true;
            }
            at = nextOption(end, to);
        }
        return false;
    }

    /** Appends a line's original name, a colon and a space. */
    public void writeName(int line, ByteBuf to) {
        write(starts[line], nameEnds[line], to);
        to.writeByte(':').writeByte(' ');
    }

    /** Appends any range of the header section. */
    public void write(int from, int end, ByteBuf to) {
        to.writeBytes(bytes, from, end - from);
    }

    /** How many lines a field has. */
    public int count(Field field) {
        return counts[field.ordinal()];
    }

    /** The first line of a field; negative if there is none. */
    public int first(Field field) {
        return counts[field.ordinal()] == 0 ? -1 : firsts[field.ordinal()];
    }

    /** Where a line begins. The line after the last one is the empty line. */
    public int start(int line) {
        return starts[line];
    }

    public int valueStart(int line) {
        return valueStarts[line];
    }

    public int valueEnd(int line) {
        return valueEnds[line];
    }

    public String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    public byte[] bytes() {
        return bytes;
    }

    public Field field(int line) {
        return fields[line];
    }

    public int count() {
        return count;
    }

    public int length() {
        return length;
    }

    /** Negative if there is none. */
    public long contentLength() {
        return contentLength;
    }

    boolean chunked() {
        return chunked;
    }

    /** Whether the sender will close the connection. */
    boolean close() {
        return close;
    }
}
