package io.sharedinference.proxy.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds one JSON line in ASCII; {@link #write()} passes it to the log. Not thread-safe. */
public final class LogLine {
    private static final int MAX_NUMBER_LENGTH = 20;
    private static final int PUNCTUATION = 8;
    private static final int OBJECTS = 96;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Log log;
    private byte[] text = new byte[768];
    private int length;

    LogLine(Log log, String level, String event) {
        this.log = log;
        copy("{\"time\":\"");
        copy(log.now());
        copy("\",\"level\":\"");
        copy(level);
        copy("\"");
        field("event", event);
    }

    /** Adds a string, escaped. */
    public LogLine field(String name, String value) {
        String escaped = Json.escaped(value);
        begin(name, escaped.length());
        put('"');
        copy(escaped);
        put('"');
        return this;
    }

    /** Adds a number. */
    public LogLine field(String name, long value) {
        begin(name, MAX_NUMBER_LENGTH);
        copy(Long.toString(value));
        return this;
    }

    /** Adds a number of 128 bits as a string of 32 hex digits. */
    LogLine hex(String name, long high, long low) {
        begin(name, 2 * Long.BYTES * 2);
        put('"');
        putHex(high);
        putHex(low);
        put('"');
        return this;
    }

    /** Queues the line, which must not be changed afterwards. */
    public void write() {
        log.accept(this);
    }

    /** Memory that it takes, in bytes. */
    int size() {
        return text.length + OBJECTS;
    }

    /** Called once, by the log. */
    void writeTo(ByteArrayOutputStream out) {
        reserve(2);
        put('}');
        put('\n');
        out.write(text, 0, length);
    }

    private void begin(String name, int most) {
        reserve(name.length() + most + PUNCTUATION);
        put(',');
        put('"');
        copy(name);
        put('"');
        put(':');
    }

    private void reserve(int more) {
        if (length + more > text.length) {
            text = Arrays.copyOf(text, 2 * (length + more));
        }
    }

    private void put(char ascii) {
        text[length++] = (byte) ascii;
    }

    private void putHex(long number) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            text[length++] = DIGITS[(int) (number >>> shift) & 0xf];
        }
    }

    /** The string is ASCII, which this method copies at once; those with a charset allocate an array. */
    @SuppressWarnings("deprecation")
    private void copy(String ascii) {
        ascii.getBytes(0, ascii.length(), text, length);
        length += ascii.length();
    }
}
