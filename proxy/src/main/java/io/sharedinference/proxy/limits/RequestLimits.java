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

    /** Whether any limits are configured. */
    public boolean any() {
        return settings.limited();
    }

    /** Whether models have their own limits, so that the model of each request must be known. */
    public boolean byModel() {
        return settings.byModel();
    }

    /**
     * Requests admission. Unless it is refused, {@link #leave} must follow.
     *
     * @param admitted runs on any thread, at most once, when a queued request is admitted, even if it leaves meanwhile;
     *     must not block
     */
    public synchronized LimitDecision request(Arrival arrival, Runnable admitted) {
        long now = clock.getAsLong();
        User user = users.named(arrival.user(), now);
        Ticket ticket = new Ticket(user, user.allowances(arrival.model(), now), admitted, now);
        return decision(ticket, arrival.usesTokens());
    }

    private LimitDecision decision(Ticket ticket, boolean usesTokens) {
        Optional<ExceededLimit> rate = ticket.rateExcess(usesTokens);
        if (rate.isPresent()) {
            return refuse(rate.get());
        }
        Optional<ExceededLimit> inFlight = ticket.inFlightExcess();
        if (inFlight.isEmpty()) {
            ticket.admit();
            return new LimitDecision.Admitted(ticket);
        }
        if (settings.queueTimeout().isZero() || !queue.hasRoom(ticket.user())) {
            return refuse(inFlight.get());
        }
        ticket.queue();
        queue.add(ticket);
        return new LimitDecision.Queued(ticket);
    }

    private LimitDecision refuse(ExceededLimit excess) {
        metrics.limited(excess);
        return new LimitDecision.Refused(excess);
    }

    /** Removes a queued request that has waited too long. Returns the limit that it was queued for, if it was removed. */
    public synchronized Optional<ExceededLimit> expire(Ticket ticket) {
        long now = clock.getAsLong();
        if (!ticket.waiting() || ticket.age(now) < settings.queueTimeout().toNanos()) {
            return Optional.empty();
        }
        Optional<ExceededLimit> excess = ticket.inFlightExcess();
        excess.ifPresent(limit -> {
            metrics.limited(limit);
            depart(ticket, 0, now);
        });
        return excess;
    }

    /** The request has ended or left the queue; only the first call has an effect. {@code tokens}: as reported. */
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
