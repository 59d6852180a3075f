package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.ops.LogLine;
import java.util.concurrent.TimeUnit;

/** What is remembered of one request until its line is written. Loop only. */
final class AccessEntry {
    private static final int CLIENT_CLOSED = 499;

    private final AccessLog log;
    private final String requestId;
    private final String method;
    private final String path;
    private final long begun = System.nanoTime();
    private String subject = "";
    private long received;
    private long sent;
    private long firstByteAt;

    AccessEntry(AccessLog log, String requestId, String method, String path) {
        this.log = log;
        this.requestId = requestId;
        this.method = method;
        this.path = path;
    }

    String requestId() {
        return requestId;
    }

    void subject(String name) {
        subject = name;
    }

    /** Counts bytes of the request's body. */
    void received(int bytes) {
        received += bytes;
    }

    /** Counts bytes of the answer, its head included. */
    void sent(int bytes) {
        if (sent == 0) {
            firstByteAt = System.nanoTime();
        }
        sent += bytes;
    }

    /** The answer went out whole. */
    void answered(int status) {
        write(status, "answered");
    }

    /** The proxy answered by itself. */
    void refused(Refusal refusal) {
        write(refusal.status(), refusal.code());
    }

    /** The client went away first. */
    void cancelled() {
        write(CLIENT_CLOSED, "client_closed");
    }

    /** The answer broke off. */
    void aborted(int status, String why) {
        write(status, why);
    }

    private void write(int status, String outcome) {
        LogLine line = log.line();
        line.field("request_id", requestId)
                .field("subject", subject)
                .field("method", method)
                .field("path", path)
                .field("status", status)
                .field("outcome", outcome)
                .field("bytes_received", received)
                .field("bytes_sent", sent)
                .field("duration_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        if (sent > 0) {
            line.field("first_byte_ms", TimeUnit.NANOSECONDS.toMillis(firstByteAt - begun));
        }
        line.write();
    }
}
