package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Eight users who send one request after the other, each on their own connection, and record every failure. */
final class SteadyUsers {
    private static final String REQUEST =
            RawClient.crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");

    private final ProxyFixture fixture;
    private final AtomicLong responses = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> users;
    private volatile boolean stopped;

    SteadyUsers(ProxyFixture fixture) {
        this.fixture = fixture;
        this.users = IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofVirtual().start(this::sendRequests))
                .toList();
    }

    private void sendRequests() {
        try (RawClient client = fixture.client()) {
            while (!stopped) {
                Response response = client.send(REQUEST).response();
                responses.incrementAndGet();
                if (response.status() != 200) {
                    failures.add(response.toString());
                }
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    /** Stops the users. */
    void assertNoneFailed() throws Exception {
        ProxyFixture.eventually(() -> responses.get() > 100 || !failures.isEmpty());
        stopped = true;
        for (Thread user : users) {
            user.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(responses.get() > 100, responses + " requests");
    }
}
