package io.sharedinference.proxy;

import static io.sharedinference.proxy.ErrorResponseTest.assertError;
import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Limits for one client, and for all clients. */
class LimitsTest {
    private static final String POST = "POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n";

    @Test
    void aContentLengthOverTheLimitIsRejectedBeforeForwarding() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_BODY", "1000");
                RawClient client = fixture.client()) {
            client.send(crlf(POST + "Expect: 100-continue\nContent-Length: 1001\n\n"));
            Response response = client.response();
            assertError(response, 413, "body_too_large");
            assertEquals("close", response.header("Connection").orElse(""));
            assertTrue(client.ended());
            assertEquals(List.of(), fixture.origin.received());
            assertEquals("/x", fixture.loggedRequest().path("path").asText());
        }
    }

    @Test
    void bodiesOfExactlyTheLimitAreForwarded() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_BODY", "1000")) {
            assertEquals(
                    200,
                    fixture.exchange(POST + "Content-Length: 1000\n\n" + "x".repeat(1000))
                            .status());
            assertEquals(
                    200,
                    fixture.exchange(POST + "Transfer-Encoding: chunked\n\n"
                                    + "1f4;a=b\n%s\n".formatted("x".repeat(500)).repeat(2) + "0\n\n")
                            .status());
        }
    }

    @Test
    void aFirstChunkOverTheLimitIsRejectedBeforeForwarding() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_BODY", "1000")) {
            assertError(fixture.exchange(POST + "Transfer-Encoding: chunked\n\n3e9\n"), 413, "body_too_large");
            assertTrue(fixture.origin.received().stream().allMatch(String::isEmpty));
        }
    }

    @Test
    void aChunkedBodyOverTheLimitAbortsTheRequestToTheSharedApi() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (ProxyFixture fixture = ProxyFixture.start("MAX_BODY", "1000");
                RawClient client = fixture.client()) {
            fixture.origin.on("/x", call -> {
                call.in().readNBytes("3e8\r\n".length() + 1000 + 2);
                started.countDown();
                call.awaitClosed();
                cancelled.countDown();
            });
            client.send(crlf(POST + "Transfer-Encoding: chunked\n\n3e8\n" + "x".repeat(1000) + "\n"));
            assertTrue(started.await(10, TimeUnit.SECONDS));
            client.send("1\r\n");
            assertError(client.response(), 413, "body_too_large");
            assertTrue(client.ended());
            assertTrue(cancelled.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aChunkedBodyOverTheLimitAfterItsResponseClosesTheConnection() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (ProxyFixture fixture = ProxyFixture.start("MAX_BODY", "4");
                RawClient client = fixture.client()) {
            fixture.origin.on("/x", call -> {
                call.in().readNBytes("4\r\nhalf\r\n".length());
                call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                call.awaitClosed();
                cancelled.countDown();
            });
            client.send(crlf(POST + "Transfer-Encoding: chunked\n\n4\nhalf\n")).readUntil("\r\n\r\n");
            client.send("1\r\n");
            assertTrue(client.ended());
            assertTrue(cancelled.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void theSizeOfHeaderSectionsCanBeSet() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_HEAD", "2000")) {
            String start = "GET /version HTTP/1.1\nHost: a\nX: ";
            int room = 2000 - crlf(start + "\n\n").length();
            assertEquals(
                    200, fixture.exchange(start + "x".repeat(room) + "\n\n").status());
            assertError(fixture.exchange(start + "x".repeat(room + 1) + "\n\n"), 431, "head_too_large");
        }
    }

    @Test
    void theLargestIncompleteHeaderSectionsAreFreedFirst() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("HEAD_TIMEOUT", "10m", "MEMORY_LIMIT", "16000000")) {
            String started = crlf("GET /version HTTP/1.1\nHost: t\nX: ");
            List<RawClient> small = new ArrayList<>();
            List<RawClient> large = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                small.add(fixture.client().send(started));
            }
            for (int i = 0; i < 600; i++) {
                large.add(fixture.client().send(started + "x".repeat(60_000)));
            }
            ProxyFixture.eventually(() -> fixture.metrics().contains("errors_total{code=\"overloaded\"}"));
            for (RawClient each : small) {
                assertEquals(200, each.send("y\r\n\r\n").response().status(), "a small header section was freed");
                each.close();
            }
            assertError(large.getFirst().response(), 503, "overloaded");
            for (RawClient each : large) {
                each.close();
            }
            assertFalse(fixture.metrics().contains("request_timeout"));
        }
    }

    @Test
    void clientsWithLittleMemoryAreServedWhileOthersWaitForTheIam() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ProxyFixture fixture = ProxyFixture.start("MEMORY_LIMIT", "4000000");
                RawClient user = fixture.client()) {
            String request = crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");
            assertEquals(200, user.send(request).response().status());
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                fixture.iam.on("slow" + i, new FakeIam.CheckUserResponse(200, "{}", () -> await(never)));
                waiting.add(fixture.client()
                        .send(crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer slow" + i + "\nX: "
                                + "x".repeat(60_000) + "\n\n")));
                assertEquals(200, user.send(request).response().status());
            }
            assertTrue(fixture.metrics().contains("errors_total{code=\"overloaded\"}"));
            for (RawClient each : waiting) {
                each.close();
            }
            never.countDown();
        }
    }

    @Test
    void tokensAndMethodsAreLimitedInSize() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_TOKEN", "100")) {
            String start = "GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer ";
            assertError(fixture.exchange(start + "x".repeat(100) + "\n\n"), 401, "unauthenticated");
            assertError(fixture.exchange(start + "x".repeat(101) + "\n\n"), 431, "head_too_large");
            assertError(fixture.exchange("M".repeat(65) + " /x HTTP/1.1\nHost: t\n\n"), 501, "not_implemented");
        }
    }

    @Test
    void loggedPathsAreTruncated() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            assertEquals(200, fixture.get("/" + "x".repeat(50_000) + "?y").status());
            assertTrue(fixture.origin.received().getFirst().startsWith("GET /" + "x".repeat(50_000) + "?y HTTP"));
            assertEquals(
                    "/" + "x".repeat(511) + "...",
                    fixture.loggedRequest().path("path").asText());
        }
    }

    @Test
    void connectionsOverTheLimitGet503UntilOneIsFree() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_CONNECTIONS", "2");
                RawClient open = fixture.client()) {
            String request = crlf("GET /version HTTP/1.1\nHost: t\n\n");
            try (RawClient closing = fixture.client()) {
                assertEquals(200, open.send(request).response().status());
                assertEquals(200, closing.send(request).response().status());
                try (RawClient late = fixture.client()) {
                    Response response = late.send(request).response();
                    assertError(response, 503, "too_many_connections");
                    assertEquals("close", response.header("Connection").orElse(""));
                    assertTrue(late.ended());
                }
                assertEquals(200, open.send(request).response().status(), "an open connection was closed");
            }
            ProxyFixture.eventually(() -> {
                try (RawClient next = fixture.client()) {
                    return next.send(request).response().status() == 200;
                }
            });
        }
    }

    @Test
    void aBodyBelowTheMinimumRateIsRejected() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (ProxyFixture fixture = ProxyFixture.start("MIN_BODY_RATE", "100000", "BODY_RATE_PERIOD", "300ms");
                RawClient client = fixture.client()) {
            fixture.origin.on("/x", call -> {
                call.in().readAllBytes();
                cancelled.countDown();
            });
            client.send(crlf(POST + "Content-Length: 100000\n\n"));
            Thread.ofVirtual().start(() -> trickle(client, 100_000));
            assertError(client.response(), 408, "request_timeout");
            assertTrue(cancelled.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aBodyAboveTheMinimumRateIsForwarded() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MIN_BODY_RATE", "1", "BODY_RATE_PERIOD", "200ms");
                RawClient client = fixture.client()) {
            client.send(crlf(POST + "Content-Length: 50\n\n"));
            trickle(client, 50);
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void waitingForTheSharedApiDoesNotCountAgainstTheClient() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        try (ProxyFixture fixture = ProxyFixture.start(
                        "MIN_BODY_RATE", "100000000", "BODY_RATE_PERIOD", "1s", "IDLE_TIMEOUT", "1500ms");
                RawClient client = fixture.client()) {
            fixture.origin.on("/x", call -> finished.await());
            client.send(crlf(POST + "Content-Length: 100000000\n\n"));
            Thread.ofVirtual().start(() -> flood(client));
            assertError(client.response(), 504, "shared_api_timeout");
            finished.countDown();
        }
    }

    @Test
    void anIdleStreamIsNotASlowBody() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start(
                        "MIN_BODY_RATE", "100000000", "BODY_RATE_PERIOD", "100ms", "IDLE_TIMEOUT", "1s");
                RawClient client = fixture.client()) {
            fixture.origin.on("/x", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                call.sendChunk("data: 1\n\n");
                call.awaitClosed();
            });
            client.send(crlf(POST + "Content-Length: 0\n\n")).readUntil("data: 1\n\n\r\n");
            assertTrue(client.ended());
            assertEquals(
                    "shared_api_timeout",
                    fixture.loggedRequest().path("outcome").asText());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void trickle(RawClient client, int count) {
        try {
            for (int i = 0; i < count; i++) {
                client.send("x");
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException e) {
            // the proxy rejected the body
        }
    }

    private static void flood(RawClient client) {
        try {
            for (int i = 0; i < 100; i++) {
                client.send(new byte[1_000_000]);
            }
        } catch (IOException e) {
            // the test is over
        }
    }
}
