package io.sharedinference.proxy.limits;

import java.util.List;
import java.util.Optional;

/** The admission of one request, pending or granted. Its state is guarded by the lock of {@link RequestLimits}. */
public final class Ticket {
    private enum State {
        ARRIVED,
        WAITING,
        ADMITTED,
        LEFT
    }

    private final User user;
    private final List<Allowance> allowances;
    private final Runnable admitted;
    private final long arrivedAt;
    private State state = State.ARRIVED;

    Ticket(User user, List<Allowance> allowances, Runnable admitted, long now) {
        this.user = user;
        this.allowances = allowances;
        this.admitted = admitted;
        this.arrivedAt = now;
    }

    User user() {
        return user;
    }

    /** Nanoseconds since it arrived. */
    long age(long now) {
        return now - arrivedAt;
    }

    Optional<ExceededLimit> rateExcess(boolean usesTokens) {
        for (Allowance each : allowances) {
            Optional<ExceededLimit> excess = each.rateExcess(usesTokens, arrivedAt);
            if (excess.isPresent()) {
                return excess;
            }
        }
        return Optional.empty();
    }

    Optional<ExceededLimit> inFlightExcess() {
        for (Allowance each : allowances) {
            if (!each.hasRoom()) {
                return Optional.of(each.inFlightExcess());
            }
        }
        return Optional.empty();
    }

    boolean waiting() {
        return state == State.WAITING;
    }

    void queue() {
        enter();
        state = State.WAITING;
    }

    void admit() {
        if (state == State.ARRIVED) {
            enter();
        }
        for (Allowance each : allowances) {
            each.began();
        }
        state = State.ADMITTED;
    }

    private void enter() {
        user.entered();
        for (Allowance each : allowances) {
            each.arrived(arrivedAt);
        }
    }

    /** Only the first call has an effect. */
    void leave(long tokens, long now) {
        if (state == State.LEFT) {
            return;
        }
        if (state == State.ADMITTED) {
            for (Allowance each : allowances) {
                each.ended(tokens, now);
            }
        }
        user.left();
        state = State.LEFT;
    }

    /** Must be called without the lock. */
    void announceAdmission() {
        admitted.run();
    }
}
