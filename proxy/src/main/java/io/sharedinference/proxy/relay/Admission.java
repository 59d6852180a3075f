package io.sharedinference.proxy.relay;

import io.netty.channel.EventLoop;
import io.sharedinference.proxy.limits.Answer;
import io.sharedinference.proxy.limits.Arrival;
import io.sharedinference.proxy.limits.Excess;
import io.sharedinference.proxy.limits.RequestLimits;
import io.sharedinference.proxy.limits.Ticket;
import java.util.Optional;

/**
 * One exchange within the limits on requests. Once it has left, nothing keeps the exchange in memory. Confined to its
 * event loop.
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

    /** Asks for the exchange. {@code admitted} runs if it is queued and admitted later. */
    Answer request(Arrival arrival, Runnable admitted) {
        Answer answer = limits.request(arrival, this::announced);
        switch (answer) {
            case Answer.Admitted(Ticket given) -> ticket = Optional.of(given);
            case Answer.Queued(Ticket given) -> {
                ticket = Optional.of(given);
                waiting = Optional.of(admitted);
            }
            case Answer.Refused refused -> {}
        }
        return answer;
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

    /** The limit because of which it has waited too long. */
    Optional<Excess> expired() {
        return waiting.isPresent() ? ticket.flatMap(limits::expire) : Optional.empty();
    }

    /** The exchange has ended; {@code tokens}: what its response reported. */
    void leave(long tokens) {
        waiting = Optional.empty();
        ticket.ifPresent(given -> limits.leave(given, tokens));
        ticket = Optional.empty();
    }
}
