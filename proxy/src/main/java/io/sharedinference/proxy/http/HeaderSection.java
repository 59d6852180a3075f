package io.sharedinference.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field lines of one head, as positions in an array of bytes, with what they say about framing and the
 * connection. Each parse overwrites the one before. Strict: what two readers could read differently is refused.
 */
public final class HeaderSection {
    private static final int MOST_LINES = 256;
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = 18;

    private byte[] bytes = new byte[4096];
    private final int[] starts = new int[MOST_LINES + 1];
    private final int[] nameEnds = new int[MOST_LINES];
    private final int[] valueStarts = new int[MOST_LINES];
    private final int[] valueEnds = new int[MOST_LINES];
    private final Field[] fields = new Field[MOST_LINES];
    private final int[] firsts = new int[Field.values().length];
    private final int[] counts = new int[Field.values().length];
    private int count;
    private int length;
    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean nominates;

    /** Copies a complete head out of the buffer, whose position stays. */
    void load(ByteBuf in, int headLength) {
        if (headLength > bytes.length) {
            bytes = new byte[Math.max(headLength, 2 * bytes.length)];
        }
        in.getBytes(in.readerIndex(), bytes, 0, headLength);
        length = headLength;
    }

    /** Reads the lines from {@code from}, the first byte after the start line. */
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
            throw new ProtocolException("a bare CR in the head");
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
            throw new ProtocolException("a field line has no valid name before its colon");
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
            throw new ProtocolException("a control character in a field's value");
        }
        add(start, nameEnd, valueStart, at);
        return at + 2;
    }

    private void add(int start, int nameEnd, int valueStart, int lineEnd) throws ProtocolException {
        if (count == MOST_LINES) {
            throw new ProtocolException(ProtocolException.Reason.HEADER_TOO_LARGE, "more than " + MOST_LINES + " field lines");
        }
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && Ascii.blank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
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
            default -> { }
        }
    }

    private void contentLength(int from, int to) throws ProtocolException {
        if (contentLength >= 0) {
            throw new ProtocolException("more than one Content-Length");
        }
        if (from == to || to - from > LONGEST_NUMBER) {
            throw new ProtocolException("Content-Length is no number");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.digit(bytes[i])) {
                throw new ProtocolException("Content-Length is no number");
            }
            value = value * 10 + (bytes[i] - '0');
        }
        contentLength = value;
    }

    private void transferEncoding(int from, int to) throws ProtocolException {
        if (chunked) {
            throw new ProtocolException("more than one Transfer-Encoding");
        }
        if (!Ascii.equalsLowerCase(bytes, from, to, CHUNKED)) {
            throw new ProtocolException(ProtocolException.Reason.NOT_IMPLEMENTED, "no Transfer-Encoding but chunked is supported");
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

    /** Takes all lines of a kind out. */
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

    /** Takes all lines of a name, in lower case, out. */
    public void drop(String name) {
        byte[] dropped = name.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < count; i++) {
            if (Ascii.equalsLowerCase(bytes, starts[i], nameEnds[i], dropped)) {
                fields[i] = Field.DROPPED;
            }
        }
    }

    /** Whether a framing line is as everybody writes it: one space, nothing behind the value, no other case or zeros. */
    public boolean canonical(int line) {
        int from = valueStarts[line];
        int to = valueEnds[line];
        boolean spaced = from == nameEnds[line] + 2 && bytes[from - 1] == ' ' && bytes[to] == '\r';
        return spaced && (fields[line] == Field.CONTENT_LENGTH ? to - from == 1 || bytes[from] != '0'
                : Arrays.equals(bytes, from, to, CHUNKED, 0, CHUNKED.length));
    }

    /** Whether a line ends at this proxy, by what it is or because a Connection line names it. */
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

    /** Appends a line's name as it came, the colon and a space. */
    public void writeName(int line, ByteBuf to) {
        write(starts[line], nameEnds[line], to);
        to.writeByte(':').writeByte(' ');
    }

    /** Appends any range of the head. */
    public void write(int from, int end, ByteBuf to) {
        to.writeBytes(bytes, from, end - from);
    }

    /** How many lines are of one kind. */
    public int count(Field field) {
        return counts[field.ordinal()];
    }

    /** The first line of a kind, negative when there is none. */
    public int first(Field field) {
        return counts[field.ordinal()] == 0 ? -1 : firsts[field.ordinal()];
    }

    /** Where a line begins; that of the line after the last is where the empty line begins. */
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

    /** Negative when there is none. */
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
