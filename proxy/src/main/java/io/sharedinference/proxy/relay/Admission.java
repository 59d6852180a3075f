package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.limits.Arrival;
import io.sharedinference.proxy.limits.ExceededLimit;
import io.sharedinference.proxy.limits.LimitDecision;
import io.sharedinference.proxy.limits.RequestLimits;
import io.sharedinference.proxy.limits.Ticket;
import java.util.Optional;

/**
 * The admission of one exchange by the limits on requests. Once it has left, nothing keeps the exchange in memory.
 * Confined to its event loop.
 */
final class Admission {
    private final RequestLimits limits;
    private final EventLoop loop;
    private Optional<Ticket> ticket = Optional.empty();
    private Optional<Runnable> waiting = Optional.empty();

    Admission(RequestLimits limits, EventLoop loop) {
        this.limits = limits;
        this.loop = loop;
    }

    /** Requests admission. {@code admitted} runs if the exchange is queued and admitted later. */
    LimitDecision request(Arrival arrival, Runnable admitted) {
        LimitDecision decision = limits.request(arrival, this::announced);
        switch (decision) {
            case LimitDecision.Admitted(Ticket given) -> ticket = Optional.of(given);
            case LimitDecision.Queued(Ticket given) -> {
                ticket = Optional.of(given);
                waiting = Optional.of(admitted);
            }
            case LimitDecision.Refused refused -> {}
        }
        return decision;
    }

    /** On any thread. A loop that shuts down closes its connections, so that each exchange leaves. */
    private void announced() {
        if (!loop.isShuttingDown()) {
            loop.execute(() -> {
                Optional<Runnable> admitted = waiting;
                waiting = Optional.empty();
                admitted.ifPresent(Runnable::run);
            });
        }
    }

    /** The limit that the exchange has waited for too long. */
    Optional<ExceededLimit> expired() {
        return waiting.isPresent() ? ticket.flatMap(limits::expire) : Optional.empty();
    }

    /** The exchange has ended; {@code tokens}: what its response reported. */
    void leave(long tokens) {
        waiting = Optional.empty();
        ticket.ifPresent(given -> limits.leave(given, tokens));
        ticket = Optional.empty();
    }
}
