package io.sharedinference.proxy.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line per request, and request ids that are unique over restarts and replicas. Thread-safe. */
public final class AccessLog {
    private static final long WARN_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Log log;
    private final boolean enabled;
    private final String prefix = String.format("%08x-", ThreadLocalRandom.current().nextInt());
    private final AtomicLong requests = new AtomicLong();
    private final Map<OperatorWarning, Long> warnedAt = new ConcurrentHashMap<>();

    public AccessLog(Log log, boolean enabled) {
        this.log = log;
        this.enabled = enabled;
    }

    String nextRequestId() {
        return prefix + Long.toHexString(requests.incrementAndGet());
    }

    /** Whether requests get lines; warnings come in any case. */
    boolean enabled() {
        return enabled;
    }

    LogLine line() {
        return log.info("request");
    }

    /** A failure of the proxy itself: where it was, not what it said, since that may quote what users sent. */
    public void bug(Throwable cause) {
        log.warn("unexpected failure")
                .field("kind", cause.getClass().getName())
                .field("where", Stream.of(cause.getStackTrace()).limit(8).map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < ")))
                .field("fix", "one connection was closed; please report this line")
                .write();
    }

    /** Warns an operator, of each trouble no more than once a minute. */
    public void warn(OperatorWarning trouble, String reason, String requestId) {
        long now = System.nanoTime();
        long due = warnedAt.merge(trouble, now, (last, next) -> next - last < WARN_AGAIN_NANOS ? last : next);
        if (due == now) {
            log.warn(trouble.event())
                    .field("reason", reason)
                    .field("request_id", requestId)
                    .field("fix", trouble.fix())
                    .write();
        }
    }
}
