package io.sharedinference.proxy.relay;

import java.util.Optional;

/** How long an exchange waits for what. Loop only. */
final class Patience {
    /** What is waited for. */
    enum Awaited { FIRST_BYTE, REQUEST_BODY, MOVEMENT }

    /** What is said when it took too long. */
    record Exceeded(Refusal refusal, String description) {
    }

    private final Loop loop;
    private final Pace pace;
    private long progressAt;
    private long keptAliveAt;

    Patience(Loop loop) {
        this.loop = loop;
        this.pace = new Pace(loop.settings().limits());
        this.progressAt = loop.now();
        this.keptAliveAt = progressAt;
    }

    /** Something moved. */
    void progress() {
        progressAt = loop.now();
    }

    /** Whether nothing has moved for so long that what stands between here and the client may end the connection. */
    boolean keepAliveDue(long now) {
        long period = loop.settings().eventKeepAlive().toNanos();
        if (period == 0 || now - Math.max(progressAt, keptAliveAt) < period) {
            return false;
        }
        keptAliveAt = now;
        return true;
    }

    /** {@code received}: bytes of the request's body so far, whose pace is looked at while it is waited for. */
    Optional<Exceeded> exceeded(long now, Awaited awaited, long received) {
        long waited = now - progressAt;
        RelaySettings settings = loop.settings();
        if (awaited == Awaited.FIRST_BYTE) {
            return waited <= settings.firstByteTimeout().toNanos() ? Optional.empty() : exceeded(
                    Refusal.SHARED_API_TIMEOUT, "no byte of an answer within " + settings.firstByteTimeout().toMillis() + " ms");
        }
        if (waited > settings.idleTimeout().toNanos()) {
            return exceeded(awaited == Awaited.REQUEST_BODY ? Refusal.REQUEST_TIMEOUT : Refusal.SHARED_API_TIMEOUT,
                    "no byte moved within " + settings.idleTimeout().toMillis() + " ms");
        }
        return awaited == Awaited.REQUEST_BODY && pace.tooSlow(Loop.SWEEP_NANOS, received) ? exceeded(
                Refusal.REQUEST_TIMEOUT, "the body brings less than " + settings.limits().bodyRate() + " bytes per second")
                : Optional.empty();
    }

    private static Optional<Exceeded> exceeded(Refusal refusal, String description) {
        return Optional.of(new Exceeded(refusal, description));
    }
}
