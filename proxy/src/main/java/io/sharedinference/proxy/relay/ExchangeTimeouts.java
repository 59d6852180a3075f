package io.sharedinference.proxy.relay;

import java.util.Optional;

/** How long an exchange waits for what. Confined to its event loop. */
final class ExchangeTimeouts {
    /** What is waited for. */
    enum Awaited { FIRST_BYTE, REQUEST_BODY, PROGRESS }

    /** What is said when it took too long. */
    record Exceeded(ProxyError error, String description) {
    }

    private final Worker worker;
    private final MinimumBodyRate pace;
    private long progressAt;
    private long keptAliveAt;

    ExchangeTimeouts(Worker worker) {
        this.worker = worker;
        this.pace = new MinimumBodyRate(worker.settings().limits());
        this.progressAt = worker.now();
        this.keptAliveAt = progressAt;
    }

    /** Something moved. */
    void progress() {
        progressAt = worker.now();
    }

    /** Whether nothing has moved for so long that what stands between here and the client may end the connection. */
    boolean keepAliveDue(long now) {
        long period = worker.settings().eventKeepAlive().toNanos();
        if (period == 0 || now - Math.max(progressAt, keptAliveAt) < period) {
            return false;
        }
        keptAliveAt = now;
        return true;
    }

    /** {@code received}: bytes of the request's body so far, whose pace is looked at while it is waited for. */
    Optional<Exceeded> exceeded(long now, Awaited awaited, long received) {
        long waited = now - progressAt;
        RelaySettings settings = worker.settings();
        if (awaited == Awaited.FIRST_BYTE) {
            return waited <= settings.firstByteTimeout().toNanos() ? Optional.empty() : exceeded(
                    ProxyError.SHARED_API_TIMEOUT, "no byte of an answer within " + settings.firstByteTimeout().toMillis() + " ms");
        }
        if (waited > settings.idleTimeout().toNanos()) {
            return exceeded(awaited == Awaited.REQUEST_BODY ? ProxyError.REQUEST_TIMEOUT : ProxyError.SHARED_API_TIMEOUT,
                    "no byte moved within " + settings.idleTimeout().toMillis() + " ms");
        }
        return awaited == Awaited.REQUEST_BODY && pace.tooSlow(Worker.SWEEP_NANOS, received) ? exceeded(
                ProxyError.REQUEST_TIMEOUT, "the body brings less than " + settings.limits().bodyRate() + " bytes per second")
                : Optional.empty();
    }

    private static Optional<Exceeded> exceeded(ProxyError error, String description) {
        return Optional.of(new Exceeded(error, description));
    }
}
