package io.sharedinference.proxy.ops;

import java.util.Arrays;

/** One JSON line being put together, in ASCII; {@link #write()} hands it to the log. Not thread-safe. */
public final class LogLine {
    private static final int MOST_NUMBER = 20;
    private static final int LONGEST_ESCAPE = 6;
    private static final int PUNCTUATION = 8;

    private final Log log;
    private byte[] text = new byte[512];
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
        begin(name, LONGEST_ESCAPE * value.length());
        quote(value);
        return this;
    }

    /** Adds a number. */
    public LogLine field(String name, long value) {
        begin(name, MOST_NUMBER);
        copy(Long.toString(value));
        return this;
    }

    /** Queues the line, which can't be used afterwards. */
    public void write() {
        log.accept(bytes());
    }

    byte[] bytes() {
        reserve(2);
        put('}');
        put('\n');
        return Arrays.copyOf(text, length);
    }

    private void begin(String name, int most) {
        reserve(name.length() + most + PUNCTUATION);
        put(',');
        put('"');
        copy(name);
        put('"');
        put(':');
    }

    private void quote(String value) {
        put('"');
        if (Json.plain(value)) {
            copy(value);
        } else {
            StringBuilder escaped = new StringBuilder();
            Json.escape(escaped, value);
            copy(escaped.toString());
        }
        put('"');
    }

    private void reserve(int more) {
        if (length + more > text.length) {
            text = Arrays.copyOf(text, 2 * (length + more));
        }
    }

    private void put(char ascii) {
        text[length++] = (byte) ascii;
    }

    /** All of it is ASCII, whose bytes this method copies in one piece; those with a charset make an array first. */
    @SuppressWarnings("deprecation")
    private void copy(String ascii) {
        ascii.getBytes(0, ascii.length(), text, length);
        length += ascii.length();
    }
}
