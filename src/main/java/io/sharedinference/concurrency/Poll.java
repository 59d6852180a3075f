package io.sharedinference.concurrency;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Repeats a check, with pauses, until it succeeds or a deadline passes. */
public final class Poll {

    private final long deadline;
    private final Duration interval;

    private Poll(long deadline, Duration interval) {
        this.deadline = deadline;
        this.interval = interval;
    }

    /** @param timeout from now on */
    public static Poll within(Duration timeout, Duration interval) {
        return new Poll(System.nanoTime() + timeout.toNanos(), interval);
    }

    /**
     * Checks at least once.
     *
     * @param check    what to wait for; empty ends the wait
     * @param waiting  receives it before each pause
     * @param timedOut the failure after the deadline
     */
    public <T> void await(
            Supplier<Optional<T>> check, Consumer<T> waiting, Function<T, ? extends RuntimeException> timedOut) {
        for (var pending = check.get(); pending.isPresent(); pending = check.get()) {
            if (System.nanoTime() - deadline > 0) {
                throw timedOut.apply(pending.get());
            }
            waiting.accept(pending.get());
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(interval.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(e);
        }
    }
}
