package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Eight users who send one request after the other, each on a connection of their own, and note every failure. */
final class SteadyUsers {
    private static final String REQUEST =
            RawClient.crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");

    private final ProxyFixture fixture;
    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> users;
    private volatile boolean over;

    SteadyUsers(ProxyFixture fixture) {
        this.fixture = fixture;
        this.users = IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofVirtual().start(this::ask))
                .toList();
    }

    private void ask() {
        try (RawClient client = fixture.client()) {
            while (!over) {
                Reply reply = client.send(REQUEST).reply();
                answered.incrementAndGet();
                if (reply.status() != 200) {
                    failures.add(reply.toString());
                }
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    /** Ends it. */
    void assertNoneFailed() throws InterruptedException {
        over = true;
        for (Thread user : users) {
            user.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(answered.get() > 100, answered + " requests");
    }
}
