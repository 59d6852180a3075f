package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.ops.LogLine;
import io.sharedinference.proxy.usage.BodyScan;
import io.sharedinference.proxy.usage.TokenCount;
import java.util.concurrent.TimeUnit;

/** What is remembered of one request until its line is written and it is counted. Loop only. */
final class AccessEntry {
    private static final int CLIENT_CLOSED = 499;

    private final AccessLog log;
    private final LoopMetrics metrics;
    private final String requestId;
    private final String method;
    private final String path;
    private final Route route;
    private final long traceHigh;
    private final long traceLow;
    private final BodyScan request;
    private final BodyScan answer;
    private final long begun = System.nanoTime();
    private String subject = "";
    private long received;
    private long sent;
    private long forwardedAt;
    private long firstByteAt;
    private boolean stream;

    /** The scans are those of the bodies that follow. */
    AccessEntry(AccessLog log, LoopMetrics metrics, String method, String path, long traceHigh, long traceLow,
            BodyScan request, BodyScan answer) {
        this.log = log;
        this.metrics = metrics;
        this.requestId = log.nextRequestId();
        this.method = method;
        this.path = path;
        this.route = Route.of(path);
        this.traceHigh = traceHigh;
        this.traceLow = traceLow;
        this.request = request;
        this.answer = answer;
        answer.begin(BodyScan.Kind.NONE);
        metrics.began();
    }

    String requestId() {
        return requestId;
    }

    void subject(String name) {
        subject = name;
    }

    /** The shared API is asked from now on. */
    void forwarded() {
        forwardedAt = System.nanoTime();
    }

    /** Counts bytes of the request's body. */
    void received(int bytes) {
        received += bytes;
    }

    /** Bytes of the request's body so far. */
    long received() {
        return received;
    }

    /** The shared API's answer begins. */
    void answering() {
        stream = answer.kind() == BodyScan.Kind.EVENTS;
        if (stream) {
            metrics.streamBegan();
        }
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
        end(status, "answered");
    }

    /** The proxy answered by itself. */
    void refused(Refusal refusal) {
        metrics.error(refusal.code());
        end(refusal.status(), refusal.code());
    }

    /** The client went away first. */
    void cancelled() {
        end(CLIENT_CLOSED, "client_closed");
    }

    /** The answer broke off. */
    void aborted(int status, String why) {
        metrics.error(why);
        end(status, why);
    }

    private void end(int status, String outcome) {
        long now = System.nanoTime();
        if (stream) {
            metrics.streamEnded();
        }
        metrics.ended(method, route, status, now - begun);
        if (!route.operation().isEmpty()) {
            countOperation(status, now);
        }
        if (log.enabled()) {
            write(status, outcome, now);
        }
    }

    private void countOperation(int status, long now) {
        String model = request.model().orElse("");
        if (status >= 400) {
            metrics.failedOperation(route, model, status, now - begun);
            return;
        }
        TokenCount tokens = answer.tokens();
        boolean served = method.equals("POST")
                && (tokens.prompt().isPresent() || tokens.completion().isPresent() || answer.firstEventAt().isPresent());
        ModelMetrics counted = metrics.model(route, model, served);
        counted.duration().observe(RelayMetrics.seconds(now - begun));
        answer.firstEventAt().ifPresent(at -> counted.firstToken().observe(RelayMetrics.seconds(at - begun)));
        tokens.prompt().ifPresent(count -> {
            counted.input().observe(count);
            metrics.userTokens(subject, model, "input", count);
        });
        tokens.completion().ifPresent(count -> {
            counted.output().observe(count);
            metrics.userTokens(subject, model, "output", count);
        });
    }

    private void write(int status, String outcome, long now) {
        LogLine line = log.line();
        line.field("request_id", requestId)
                .field("subject", subject)
                .field("method", method)
                .field("path", path)
                .field("status", status)
                .field("outcome", outcome)
                .field("route", route.label())
                .field("bytes_received", received)
                .field("bytes_sent", sent)
                .field("duration_ms", millis(now - begun));
        if (sent > 0) {
            line.field("first_byte_ms", millis(firstByteAt - begun));
        }
        if (forwardedAt != 0) {
            line.field("upstream_ms", millis(now - forwardedAt));
        }
        request.model().ifPresent(model -> line.field("model", model));
        TokenCount tokens = answer.tokens();
        tokens.prompt().ifPresent(count -> line.field("prompt_tokens", count));
        tokens.completion().ifPresent(count -> line.field("completion_tokens", count));
        tokens.total().ifPresent(count -> line.field("total_tokens", count));
        if ((traceHigh | traceLow) != 0) {
            line.hex("trace_id", traceHigh, traceLow);
        }
        line.write();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
