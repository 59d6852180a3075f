package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Failures around the proxy do not affect users more than necessary. */
@Tag("slow")
class ChaosTest {
    private static final int USERS = 8;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    /** The port of a user's next connection. */
    private interface Addresses {
        int port();
    }

    @Test
    void twoInstancesAreReplacedOneAfterTheOtherWithoutAFailedRequest() throws Exception {
        try (RoundRobin instances = new RoundRobin()) {
            instances.origin.on("/stream", call -> {
                call.rawBody();
                call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < 5; i++) {
                    call.sendChunk("data: " + i + "\n\n");
                    Thread.sleep(40);
                }
                call.send("0\r\n\r\n");
            });
            List<Thread> users = users(instances);
            for (int i = 0; i < 2; i++) {
                awaitResponses();
                instances.replaceOldest();
            }
            awaitResponses();
            end(users);
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(Set.of("200"), outcomes.keySet(), outcomes.toString());
            assertNoDuplicates(instances.origin);
        }
    }

    @Test
    void anOriginThatClosesConnectionsAtRandomNeverGetsARequestTwice() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            AtomicInteger closes = new AtomicInteger();
            fixture.origin.byDefault(call -> {
                call.rawBody();
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                if (ThreadLocalRandom.current().nextInt(20) == 0) {
                    closes.incrementAndGet();
                    Thread.sleep(ThreadLocalRandom.current().nextInt(3));
                    call.socket().close();
                }
            });
            List<Thread> users = users(fixture::port);
            ProxyFixture.eventually(() -> ids.get() > 4000);
            end(users);
            assertEquals(List.of(), List.copyOf(failures));
            // after the first byte only the client may retry (RFC 9112, 9.3.1): each close can fail one request
            assertTrue(Set.of("200", "502 shared_api_unreachable").containsAll(outcomes.keySet()), outcomes.toString());
            assertTrue(
                    outcomes.getOrDefault("502 shared_api_unreachable", 0) <= closes.get(),
                    closes + " closes, " + outcomes);
            assertNoDuplicates(fixture.origin);
        }
    }

    @Test
    void aHalfClosedPooledConnectionIsNotReused() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            fixture.origin.on("/half", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                call.socket().shutdownOutput();
            });
            for (int i = 0; i < 50; i++) {
                assertEquals(200, fixture.get("/half").status(), "request " + i);
                ProxyFixture.eventually(() -> fixture.origin.running() == 0);
            }
        }
    }

    @Test
    void aFlappingIamDeniesAccessAndRecoversAtOnce() throws Exception {
        try (ProxyFixture fixture =
                ProxyFixture.start("ALLOW_TTL", "20ms", "DENY_TTL", "20ms", "IAM_TIMEOUT", "300ms")) {
            Runnable sometimesSlow = () -> pause(ThreadLocalRandom.current().nextInt(10));
            FakeIam.CheckUserResponse good =
                    new FakeIam.CheckUserResponse(200, "{\"sub\":\"alice\",\"permissions\":[]}", sometimesSlow);
            List<Thread> users = users(fixture::port);
            for (int i = 0; i < 20; i++) {
                fixture.iam.on(
                        ProxyFixture.TOKEN,
                        List.of(
                                        new FakeIam.CheckUserResponse(500, "{}"),
                                        new FakeIam.CheckUserResponse(200, "<html>"),
                                        new FakeIam.CheckUserResponse(302, ""),
                                        new FakeIam.CheckUserResponse(200, "{}", () -> pause(400)))
                                .get(i % 4));
                ProxyFixture.eventually(() -> fixture.get("/x").status() == 503);
                assertEquals(
                        401, fixture.exchange("GET /x HTTP/1.1\nHost: t\n\n").status());
                fixture.iam.on(ProxyFixture.TOKEN, good);
                long recovered = System.nanoTime();
                ProxyFixture.eventually(() -> fixture.get("/x").status() == 200);
                assertTrue(System.nanoTime() - recovered < 5_000_000_000L, "an IAM that is back is not asked");
            }
            end(users);
            assertEquals(List.of(), List.copyOf(failures));
            assertTrue(Set.of("200", "503 iam_unreachable").containsAll(outcomes.keySet()), outcomes.toString());
            assertEquals(2, outcomes.size(), outcomes.toString());
        }
    }

    /** Users who send requests with unique ids over persistent connections. */
    private List<Thread> users(Addresses addresses) {
        return IntStream.range(0, USERS)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    while (!stopped.get()) {
                        sendRequests(addresses);
                    }
                }))
                .toList();
    }

    private void sendRequests(Addresses addresses) {
        String target = "connecting";
        try (RawClient client = new RawClient(addresses.port())) {
            boolean open = true;
            while (open && !stopped.get()) {
                int id = ids.incrementAndGet();
                target = (id % 50 == 0 ? "/stream" : "/complete") + "?id=" + id;
                Response response = client.send(crlf("POST " + target + " HTTP/1.1\nHost: t\nAuthorization: Bearer "
                                + ProxyFixture.TOKEN + "\nContent-Length: 2\n\n{}"))
                        .response();
                outcomes.merge(outcome(response), 1, Integer::sum);
                open = response.header("Connection").isEmpty();
            }
        } catch (IOException e) {
            failures.add(target + ": " + e);
        }
    }

    private static String outcome(Response response) {
        return (response.status() + " "
                        + response.header("X-Inference-Proxy-Error").orElse(""))
                .strip();
    }

    private void awaitResponses() throws Exception {
        int before = outcomes.getOrDefault("200", 0);
        ProxyFixture.eventually(() -> outcomes.getOrDefault("200", 0) > before + 200);
    }

    private void end(List<Thread> users) throws InterruptedException {
        stopped.set(true);
        for (Thread user : users) {
            user.join();
        }
    }

    private static void assertNoDuplicates(FakeOrigin origin) {
        List<String> received = origin.received().stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("POST "))
                .toList();
        Set<String> twice = new HashSet<>();
        Set<String> seen = new HashSet<>();
        received.forEach(line -> {
            if (!seen.add(line)) {
                twice.add(line);
            }
        });
        assertEquals(Set.of(), twice);
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Two processes; new connections go to those that are ready, as with a Service. */
    private static final class RoundRobin implements Addresses, AutoCloseable {
        private final FakeOrigin origin = new FakeOrigin();
        private final FakeIam iam = new FakeIam().user(ProxyFixture.TOKEN, "alice");
        private final Path secret = Files.createTempDirectory("secret");
        private final AtomicInteger turn = new AtomicInteger();
        private volatile List<ProxyProcess> ready = List.of();

        RoundRobin() throws IOException {
            Files.writeString(secret.resolve("remote-inference-api-url"), origin.url());
            Files.writeString(secret.resolve("remote-inference-api-token"), ProxyFixture.SERVICE_TOKEN);
            ready = List.of(start(), start());
        }

        private ProxyProcess start() throws IOException {
            return ProxyProcess.start(ProxyProcess.environment(iam.url(), secret, "DRAIN_DELAY", "2s"));
        }

        @Override
        public int port() {
            List<ProxyProcess> now = ready;
            return now.get(Math.floorMod(turn.incrementAndGet(), now.size())).apiPort();
        }

        /** Sends SIGTERM, stops using the process when it is not ready, and replaces it when it has exited. */
        void replaceOldest() throws Exception {
            ProxyProcess oldest = ready.getFirst();
            oldest.terminate();
            ProxyFixture.eventually(() -> !oldest.ready());
            ready = ready.subList(1, 2);
            oldest.awaitEnd();
            ready = List.of(ready.getFirst(), start());
        }

        @Override
        public void close() throws IOException {
            ready.forEach(ProxyProcess::kill);
            origin.close();
            iam.close();
            ProxyFixture.delete(secret);
        }
    }
}
