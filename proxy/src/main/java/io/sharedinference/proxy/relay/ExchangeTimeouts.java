package io.sharedinference.proxy.relay;

import java.util.Optional;

/** The timeouts of an exchange. Confined to its event loop. */
final class ExchangeTimeouts {
    /** What the exchange waits for. */
    enum Awaited {
        FIRST_BYTE,
        REQUEST_BODY,
        PROGRESS
    }

    /** A timeout that has expired. */
    record Exceeded(ProxyError error, String description) {}

    private final Worker worker;
    private final MinimumBodyRate bodyRate;
    private long progressAt;
    private long keptAliveAt;

    ExchangeTimeouts(Worker worker) {
        this.worker = worker;
        this.bodyRate = new MinimumBodyRate(worker.settings().limits());
        this.progressAt = worker.now();
        this.keptAliveAt = progressAt;
    }

    /** Bytes were received or sent. */
    void progress() {
        progressAt = worker.now();
    }

    /** Whether to send a comment, so that intermediaries do not close an idle connection. */
    boolean keepAliveDue(long now) {
        long period = worker.settings().eventKeepAlive().toNanos();
        if (period == 0 || now - Math.max(progressAt, keptAliveAt) < period) {
            return false;
        }
        keptAliveAt = now;
        return true;
    }

    /** {@code received}: bytes of the request body so far, whose rate is checked while waiting for it. */
    Optional<Exceeded> exceeded(long now, Awaited awaited, long received) {
        long waited = now - progressAt;
        RelaySettings settings = worker.settings();
        if (awaited == Awaited.FIRST_BYTE) {
            return waited <= settings.firstByteTimeout().toNanos()
                    ? Optional.empty()
                    : exceeded(
                            ProxyError.SHARED_API_TIMEOUT,
                            "no response within " + settings.firstByteTimeout().toMillis() + " ms");
        }
        if (waited > settings.idleTimeout().toNanos()) {
            return exceeded(
                    awaited == Awaited.REQUEST_BODY ? ProxyError.REQUEST_TIMEOUT : ProxyError.SHARED_API_TIMEOUT,
                    "no data within " + settings.idleTimeout().toMillis() + " ms");
        }
        return awaited == Awaited.REQUEST_BODY && bodyRate.tooSlow(Worker.SWEEP_NANOS, received)
                ? exceeded(
                        ProxyError.REQUEST_TIMEOUT,
                        "the body is slower than " + settings.limits().bodyRate() + " bytes per second")
                : Optional.empty();
    }

    private static Optional<Exceeded> exceeded(ProxyError error, String description) {
        return Optional.of(new Exceeded(error, description));
    }
}
