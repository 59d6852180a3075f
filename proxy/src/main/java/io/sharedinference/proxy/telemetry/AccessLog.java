package io.sharedinference.proxy.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The access log, warnings, and request ids that are unique across restarts and replicas. Thread-safe. */
public final class AccessLog {
    private static final long WARN_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Log log;
    private final boolean enabled;
    private final String prefix =
            String.format("%08x-", ThreadLocalRandom.current().nextInt());
    private final AtomicLong requests = new AtomicLong();
    private final Map<OperatorWarning, Long> warnedAt = new ConcurrentHashMap<>();

    public AccessLog(Log log, boolean enabled) {
        this.log = log;
        this.enabled = enabled;
    }

    String nextRequestId() {
        return prefix + Long.toHexString(requests.incrementAndGet());
    }

    /** Whether requests are logged. Warnings always are. */
    boolean enabled() {
        return enabled;
    }

    LogLine line() {
        return log.info("request");
    }

    /** Logs an unexpected exception with its stack trace, without its message, which may quote requests. */
    public void unexpected(Throwable cause) {
        log.warn("unexpected error")
                .field("kind", cause.getClass().getName())
                .field(
                        "where",
                        Stream.of(cause.getStackTrace())
                                .limit(8)
                                .map(StackTraceElement::toString)
                                .collect(Collectors.joining(" < ")))
                .field("fix", "report this line to the maintainers; one connection was closed")
                .write();
    }

    /** Logs a warning for operators, each kind at most once a minute. */
    public void warn(OperatorWarning warning, String reason, String requestId) {
        long now = System.nanoTime();
        long due = warnedAt.merge(warning, now, (last, next) -> next - last < WARN_AGAIN_NANOS ? last : next);
        if (due == now) {
            log.warn(warning.event())
                    .field("reason", reason)
                    .field("request_id", requestId)
                    .field("fix", warning.fix())
                    .write();
        }
    }
}
