package io.sharedinference.concurrency;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Runs tasks concurrently.
 *
 * @param done receives the number of finished tasks after each
 */
public record Parallel(int concurrency, IntConsumer done) {

    /** Returns the results in the order of the items. */
    public <T, R> List<R> map(List<T> items, Function<T, R> work) {
        return map(items, work, result -> {});
    }

    /** @param listener receives each result, in the order of the items, as soon as it is available */
    public <T, R> List<R> map(List<T> items, Function<T, R> work, Consumer<R> listener) {
        var executor = Executors.newFixedThreadPool(Math.max(1, Math.min(concurrency, items.size())));
        var count = new AtomicInteger();
        try {
            var futures = items.stream()
                    .map(item -> executor.submit(() -> {
                        R result = work.apply(item);
                        done.accept(count.incrementAndGet());
                        return result;
                    }))
                    .toList();
            var results = new ArrayList<R>();
            for (var future : futures) {
                results.add(result(future));
                listener.accept(results.get(results.size() - 1));
            }
            return results;
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
            throw new InterruptedWaitException(e);
        }
    }
}
