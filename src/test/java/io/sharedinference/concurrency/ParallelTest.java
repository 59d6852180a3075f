package io.sharedinference.concurrency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ParallelTest {

    @Test
    void runsConcurrentlyAndReturnsResultsInOrder() {
        var together = new CyclicBarrier(8); // opens when eight are there
        var counted = new CopyOnWriteArrayList<Integer>();
        var items = List.of(1, 2, 3, 4, 5, 6, 7, 8);
        assertEquals(items, new Parallel(8, counted::add).map(items, item -> {
                    await(together);
                    return item;
                }));
        assertEquals(8, counted.size());
    }

    @Test
    void rethrowsFailures() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> new Parallel(2, done -> {}).map(List.of(1), item -> {
                    throw new UnsupportedOperationException();
                }));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("one after the other", e);
        }
    }
}
