package io.sharedinference.proxy.ops;

/** One JSON line being put together; {@link #write()} hands it to the log. Not thread-safe. */
public final class LogLine {
    private final Log log;
    private final StringBuilder text = new StringBuilder(256);

    LogLine(Log log, String level, String event) {
        this.log = log;
        text.append("{\"time\":\"").append(log.now()).append("\",\"level\":\"").append(level).append('"');
        field("event", event);
    }

    /** Adds a string, escaped. */
    public LogLine field(String name, String value) {
        text.append(",\"").append(name).append("\":");
        Json.quote(text, value);
        return this;
    }

    /** Adds a number. */
    public LogLine field(String name, long value) {
        text.append(",\"").append(name).append("\":").append(value);
        return this;
    }

    /** Queues the line. */
    public void write() {
        log.accept(json());
    }

    String json() {
        return text.append('}').toString();
    }
}
