package io.sharedinference.proxy.limits;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Queued requests: first in, first out for each user, round robin between users. Those within the limits overtake those
 * that wait for another model. Guarded by the lock of {@link RequestLimits}.
 */
final class FairQueue {
    static final int MAX_WAITING = 1_000;
    static final int MAX_WAITING_PER_USER = 100;

    /** In the order in which users are served next. */
    private final Map<User, Deque<Ticket>> turns = new LinkedHashMap<>();

    private int size;

    int size() {
        return size;
    }

    boolean hasRoom(User user) {
        return size < MAX_WAITING && waiting(user).size() < MAX_WAITING_PER_USER;
    }

    void add(Ticket ticket) {
        turns.computeIfAbsent(ticket.user(), first -> new ArrayDeque<>()).add(ticket);
        size++;
    }

    void remove(Ticket ticket) {
        Deque<Ticket> waiting = waiting(ticket.user());
        if (waiting.remove(ticket)) {
            size--;
        }
        if (waiting.isEmpty()) {
            turns.remove(ticket.user());
        }
    }

    /** Removes and returns the next request that is within the limits. Its user is served last from now on. */
    Optional<Ticket> next() {
        for (Deque<Ticket> waiting : turns.values()) {
            for (Ticket ticket : waiting) {
                if (ticket.inFlightExcess().isEmpty()) {
                    remove(ticket);
                    Optional.ofNullable(turns.remove(ticket.user())).ifPresent(rest -> turns.put(ticket.user(), rest));
                    return Optional.of(ticket);
                }
            }
        }
        return Optional.empty();
    }

    private Deque<Ticket> waiting(User user) {
        return turns.getOrDefault(user, new ArrayDeque<>());
    }
}
