package io.sharedinference.tenants;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Work that mostly waits for others, done for many at a time.
 *
 * @param done is told how many are done, whenever one is
 */
public record Parallel(int atATime, IntConsumer done) {

    /** The results, in the order of the items. */
    public <T, R> List<R> map(List<T> items, Function<T, R> work) {
        var executor = Executors.newFixedThreadPool(Math.max(1, Math.min(atATime, items.size())));
        var count = new AtomicInteger();
        try {
            var futures = items.stream()
                    .map(item -> executor.submit(() -> {
                        R result = work.apply(item);
                        done.accept(count.incrementAndGet());
                        return result;
                    }))
                    .toList();
            return futures.stream().map(Parallel::result).toList();
        } finally {
            executor.shutdownNow();
        }
    }

    private static <R> R result(Future<R> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for answers", e);
        }
    }
}
