package io.sharedinference.concurrency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // a loop that does not end must fail, not hang
class PollTest {

    private final List<String> waiting = new ArrayList<>();

    @Test
    void repeatsTheCheckUntilNothingIsPending() {
        var pending = new ArrayDeque<>(List.of("two", "one"));
        Poll.within(Duration.ofHours(1), Duration.ZERO)
                .await(() -> Optional.ofNullable(pending.poll()), waiting::add, IllegalStateException::new);
        assertEquals(List.of("two", "one"), waiting);
    }

    @Test
    void checksOnceAfterTheDeadline() {
        var poll = Poll.within(Duration.ofHours(-1), Duration.ZERO);
        poll.await(Optional::empty, waiting -> {}, waiting -> new IllegalStateException());
        var failure = assertThrows(
                IllegalStateException.class,
                () -> poll.await(() -> Optional.of("pod"), waiting::add, IllegalStateException::new));
        assertEquals("pod", failure.getMessage());
        assertEquals(List.of(), waiting);
    }

    @Test
    void endsWhenTheThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThrows(
                InterruptedWaitException.class,
                () -> Poll.within(Duration.ofHours(1), Duration.ofHours(1))
                        .await(() -> Optional.of("pod"), waiting::add, IllegalStateException::new));
        assertTrue(Thread.interrupted());
    }
}
