package io.sharedinference.proxy.telemetry;

import io.sharedinference.proxy.http.ContentKind;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Collects one request's log line and metrics. Confined to its event loop. */
public final class AccessEntry {
    private static final int CLIENT_CLOSED = 499;
    private static final String ANSWERED = "answered";

    private final AccessLog log;
    private final WorkerMetrics metrics;
    private final String requestId;
    private final String method;
    private final String path;
    private final Route route;
    private final long traceHigh;
    private final long traceLow;
    private final UsageScanner request;
    private final UsageScanner response;
    private final long begun = System.nanoTime();
    private String subject = "";
    private long received;
    private long sent;
    private long queuedAt;
    private long forwardedAt;
    private long firstByteAt;
    private boolean stream;
    private Optional<Uncounted> uncounted = Optional.empty();

    /** The scanners see the bodies that follow. */
    public AccessEntry(
            AccessLog log,
            WorkerMetrics metrics,
            String method,
            String path,
            long traceHigh,
            long traceLow,
            UsageScanner request,
            UsageScanner response) {
        this.log = log;
        this.metrics = metrics;
        this.requestId = log.nextRequestId();
        this.method = method;
        this.path = path;
        this.route = Route.of(path);
        this.traceHigh = traceHigh;
        this.traceLow = traceLow;
        this.request = request;
        this.response = response;
        response.begin(ContentKind.OTHER);
        metrics.began();
    }

    public String requestId() {
        return requestId;
    }

    public void subject(String name) {
        subject = name;
    }

    /** Whether the response may report tokens. Unknown paths may, too: the shared API may interpret them differently. */
    public boolean usesTokens() {
        return method.equals("POST")
                && (route == Route.OTHER || !route.operation().isEmpty());
    }

    /** Tokens that the response has reported so far. */
    public long tokens() {
        TokenCount tokens = response.tokens();
        return tokens.total()
                .orElseGet(() -> tokens.prompt().orElse(0) + tokens.completion().orElse(0));
    }

    /** The request waits because of a limit. */
    public void queued() {
        queuedAt = System.nanoTime();
    }

    /** The subject that the IAM returned. */
    public String subject() {
        return subject;
    }

    /** The model, if the part of the request's body that was read names one. */
    public Optional<String> model() {
        return request.model();
    }

    /** The request is forwarded to the shared API. */
    public void forwarded() {
        forwardedAt = System.nanoTime();
    }

    /** Counts bytes of the request's body. */
    public void received(int bytes) {
        received += bytes;
    }

    /** Bytes of the request's body so far. */
    public long received() {
        return received;
    }

    /** Whether the request can request an event stream with token usage. */
    public boolean mayHaveStreamOptions() {
        return method.equals("POST") && route.hasStreamOptions();
    }

    /** Counts the request as uncounted if its token usage remains unknown, and why it would. */
    public void countUnknownUsage(Uncounted reason) {
        uncounted = Optional.of(reason);
    }

    /** The shared API's response has begun. */
    public void responseBegan() {
        stream = response.kind() == ContentKind.EVENT_STREAM;
        if (stream) {
            metrics.streamBegan();
        }
    }

    /** Whether the response is an event stream. */
    public boolean stream() {
        return stream;
    }

    /** Counts bytes of the response, including its header section. */
    public void sent(int bytes) {
        if (sent == 0) {
            firstByteAt = System.nanoTime();
        }
        sent += bytes;
    }

    /** The shared API's response was sent completely. */
    public void completed(int status) {
        end(status, ANSWERED);
        if (status == 401 || status == 403) {
            warn(OperatorWarning.TENANT_REJECTED, "it returned " + status);
        }
    }

    /** Warns the operator about this request. */
    public void warn(OperatorWarning warning, String reason) {
        log.warn(warning, reason, requestId);
    }

    /** The proxy sent an error response. */
    public void rejected(int status, String code) {
        metrics.error(code);
        end(status, code);
    }

    /** The client disconnected. */
    public void cancelled() {
        end(CLIENT_CLOSED, "client_closed");
    }

    /** The response was aborted. */
    public void aborted(int status, String why) {
        metrics.error(why);
        end(status, why);
    }

    private void end(int status, String outcome) {
        long now = System.nanoTime();
        if (stream) {
            metrics.streamEnded();
        }
        metrics.ended(method, route, status, now - begun);
        uncounted
                .filter(reason -> response.tokens().unknown())
                .ifPresent(reason -> countUnknownUsage(reason, status, outcome));
        if (!route.operation().isEmpty()) {
            countOperation(status, now);
        }
        if (log.enabled()) {
            write(status, outcome, now);
        }
    }

    private void countUnknownUsage(Uncounted reason, int status, String outcome) {
        boolean interrupted = reason == Uncounted.NOT_REPORTED && !outcome.equals(ANSWERED);
        if (status >= 400 && status != CLIENT_CLOSED) {
            return;
        }
        if (response.compressed()) {
            metrics.uncounted(Uncounted.COMPRESSED);
        } else if (stream) {
            metrics.uncounted(interrupted ? Uncounted.INTERRUPTED : reason);
        }
    }

    private void countOperation(int status, long now) {
        String model = request.model().orElse("");
        if (status >= 400) {
            metrics.failedOperation(route, model, status, now - begun);
            return;
        }
        TokenCount tokens = response.tokens();
        boolean served = method.equals("POST")
                && (tokens.prompt().isPresent()
                        || tokens.completion().isPresent()
                        || response.firstEventAt().isPresent());
        ModelMetrics counted = metrics.model(route, model, served);
        counted.duration().observe(RequestMetrics.seconds(now - begun));
        response.firstEventAt().ifPresent(at -> counted.firstToken().observe(RequestMetrics.seconds(at - begun)));
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
        writeTimes(line, now);
        writeUsage(line);
        if ((traceHigh | traceLow) != 0) {
            line.hex("trace_id", traceHigh, traceLow);
        }
        line.write();
    }

    private void writeTimes(LogLine line, long now) {
        if (sent > 0) {
            line.field("first_byte_ms", millis(firstByteAt - begun));
        }
        if (queuedAt != 0) {
            line.field("queue_ms", millis((forwardedAt == 0 ? now : forwardedAt) - queuedAt));
        }
        if (forwardedAt != 0) {
            line.field("upstream_ms", millis(now - forwardedAt));
        }
    }

    private void writeUsage(LogLine line) {
        request.model().ifPresent(model -> line.field("model", model));
        TokenCount tokens = response.tokens();
        tokens.prompt().ifPresent(count -> line.field("prompt_tokens", count));
        tokens.completion().ifPresent(count -> line.field("completion_tokens", count));
        tokens.total().ifPresent(count -> line.field("total_tokens", count));
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
