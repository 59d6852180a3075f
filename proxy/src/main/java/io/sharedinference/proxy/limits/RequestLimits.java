package io.sharedinference.proxy.limits;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Limits on the requests of a tenant and its users, in memory. Requests over a limit per minute are refused; those over a
 * limit on requests in flight wait, if that is configured. Thread-safe; never blocks for long.
 */
public final class RequestLimits {
    private final LimitSettings settings;
    private final LongSupplier clock;
    private final LimitMetrics metrics;
    private final Users users;
    private final FairQueue queue = new FairQueue();

    /** The {@code clock} is in nanoseconds, like {@link System#nanoTime()}. */
    public RequestLimits(LimitSettings settings, PrometheusRegistry registry, LongSupplier clock) {
        this.settings = settings;
        this.clock = clock;
        this.users = new Users(new TenantAllowances(settings, clock.getAsLong()));
        this.metrics = new LimitMetrics(registry, this::waiting);
    }

    /** Whether there are limits; without any, there is nothing to ask. */
    public boolean any() {
        return settings.limited();
    }

    /** Whether models have limits of their own, so that a request's model has to be known. */
    public boolean byModel() {
        return settings.byModel();
    }

    /**
     * Asks for a request. Unless it is refused, {@link #leave} must follow.
     *
     * @param admitted runs on any thread, at most once, when a queued request is admitted, even if it leaves meanwhile;
     *     must not block
     */
    public synchronized Answer request(Arrival arrival, Runnable admitted) {
        long now = clock.getAsLong();
        User user = users.named(arrival.user(), now);
        Ticket ticket = new Ticket(user, user.allowances(arrival.model(), now), admitted, now);
        return answer(ticket, arrival.usesTokens());
    }

    private Answer answer(Ticket ticket, boolean usesTokens) {
        Optional<Excess> rate = ticket.rateExcess(usesTokens);
        if (rate.isPresent()) {
            return refuse(rate.get());
        }
        Optional<Excess> inFlight = ticket.inFlightExcess();
        if (inFlight.isEmpty()) {
            ticket.admit();
            return new Answer.Admitted(ticket);
        }
        if (settings.queueTimeout().isZero() || !queue.hasRoom(ticket.user())) {
            return refuse(inFlight.get());
        }
        ticket.queue();
        queue.add(ticket);
        return new Answer.Queued(ticket);
    }

    private Answer refuse(Excess excess) {
        metrics.limited(excess);
        return new Answer.Refused(excess);
    }

    /** Lets a queued request leave that has waited too long. Returns the limit that kept it waiting, else nothing. */
    public synchronized Optional<Excess> expire(Ticket ticket) {
        long now = clock.getAsLong();
        if (!ticket.waiting() || ticket.age(now) < settings.queueTimeout().toNanos()) {
            return Optional.empty();
        }
        Optional<Excess> excess = ticket.inFlightExcess();
        excess.ifPresent(limit -> {
            metrics.limited(limit);
            depart(ticket, 0, now);
        });
        return excess;
    }

    /** The request has ended or gives up; only the first call counts. {@code tokens}: what its response reported. */
    public void leave(Ticket ticket, long tokens) {
        admittedBy(ticket, tokens).forEach(Ticket::announceAdmission);
    }

    private synchronized List<Ticket> admittedBy(Ticket ticket, long tokens) {
        long now = clock.getAsLong();
        depart(ticket, tokens, now);
        List<Ticket> admitted = new ArrayList<>(1);
        for (Optional<Ticket> next = queue.next(); next.isPresent(); next = queue.next()) {
            metrics.queued(next.get().age(now));
            next.get().admit();
            admitted.add(next.get());
        }
        return admitted;
    }

    private void depart(Ticket ticket, long tokens, long now) {
        if (ticket.waiting()) {
            queue.remove(ticket);
            metrics.queued(ticket.age(now));
        }
        ticket.leave(tokens, now);
    }

    private synchronized int waiting() {
        return queue.size();
    }
}
