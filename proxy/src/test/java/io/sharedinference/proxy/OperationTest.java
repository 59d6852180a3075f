package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Operations on a running proxy do not affect its users. */
class OperationTest {
    private static final String REQUEST =
            crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");

    @Test
    void aRotatedSecretIsPickedUpUnderLoadWithoutAFailedRequest() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start();
                FakeOrigin moved = new FakeOrigin()) {
            SteadyUsers users = new SteadyUsers(fixture);
            for (int version = 2; version <= 4; version++) {
                String token = "rotated-" + version;
                fixture.mount("v" + version, version % 2 == 0 ? moved.url() : fixture.origin.url(), token);
                ProxyFixture.eventually(() -> fixture.get("/x").body().contains("Authorization: Bearer " + token));
            }
            users.assertNoneFailed();
        }
    }

    @Test
    void drainingFinishesRequestsClosesIdleConnectionsAndExits() throws Exception {
        ProxyFixture fixture = ProxyFixture.start("DRAIN_DELAY", "700ms", "DRAIN_TIMEOUT", "10s");
        CountDownLatch finish = new CountDownLatch(1);
        fixture.origin.on("/long", call -> {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.sendChunk("begun");
            finish.await();
            call.sendChunk("ended");
            call.send("0\r\n\r\n");
        });
        try (RawClient running = fixture.client();
                RawClient idle = fixture.client();
                RawClient busy = fixture.client()) {
            running.send(REQUEST.replace("/x", "/long")).readUntil("begun");
            assertTrue(idle.send(REQUEST).response().header("Connection").isEmpty());
            assertEquals(200, ready(fixture));

            Thread drain = Thread.ofPlatform().start(fixture.proxy::drain);
            ProxyFixture.eventually(() -> ready(fixture) == 503);
            Response response = busy.send(REQUEST).response();
            assertEquals(200, response.status(), "new requests are still served");
            assertEquals("close", response.header("Connection").orElse(""));
            try (RawClient late = fixture.client()) {
                assertEquals(200, late.send(REQUEST).response().status(), "new connections are still accepted");
            }

            assertTrue(idle.ended(), "an idle connection stays open");
            assertThrows(IOException.class, fixture::client);
            assertTrue(drain.isAlive(), "the drain did not wait for a running request");
            finish.countDown();
            running.readUntil("ended\r\n0\r\n\r\n");
            assertTrue(running.ended());
            drain.join(10_000);
            assertFalse(drain.isAlive());
        }
        ProxyFixture.eventually(() -> fixture.logged().contains("\"event\":\"drained\",\"connections_broken_off\":0"));
    }

    @Test
    void drainingDoesNotWaitForever() throws Exception {
        ProxyFixture fixture = ProxyFixture.start("DRAIN_DELAY", "0ms", "DRAIN_TIMEOUT", "200ms");
        fixture.origin.on("/endless", call -> {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.awaitClosed();
        });
        try (RawClient running = fixture.client()) {
            running.send(REQUEST.replace("/x", "/endless")).readUntil("\r\n\r\n");
            fixture.proxy.drain();
            assertTrue(running.ended());
        }
        ProxyFixture.eventually(() -> fixture.logged().contains("\"connections_broken_off\":1"));
    }

    @Test
    void idleConnectionsAreClosedInTime() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("IDLE_TIMEOUT", "200ms");
                RawClient client = fixture.client()) {
            client.send(REQUEST).response();
            assertTrue(client.ended());
        }
    }

    @Test
    void requestsAreLoggedWithAllFields() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            fixture.exchange("POST /complete?key=secret HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n"
                    + "Content-Length: 5\n\nhello");
            JsonNode entry = fixture.loggedRequest();
            String line = entry.toString();
            assertEquals("alice", entry.path("subject").asText());
            assertEquals("POST", entry.path("method").asText());
            assertEquals("/complete", entry.path("path").asText());
            assertEquals("/complete", entry.path("route").asText());
            assertEquals(200, entry.path("status").asInt());
            assertEquals("answered", entry.path("outcome").asText());
            assertEquals(5, entry.path("bytes_received").asInt());
            assertTrue(entry.path("bytes_sent").asInt() > 100, line);
            assertTrue(
                    entry.path("duration_ms").isNumber()
                            && entry.path("first_byte_ms").isNumber()
                            && entry.path("upstream_ms").isNumber(),
                    line);
            assertFalse(entry.has("model") || entry.has("prompt_tokens") || entry.has("trace_id"), line);
            assertFalse(entry.path("request_id").asText().isEmpty(), line);
        }
    }

    @Test
    void compressedBodiesAreNotRead() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            String usage = "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
            fixture.origin.on("/v1/chat/completions", call -> {
                call.rawBody();
                call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                        + "Content-Length: " + usage.length() + "\r\n\r\n" + usage);
            });
            // not really compressed: if the proxy read them, it would count them
            assertEquals(
                    usage,
                    fixture.exchange("POST /v1/chat/completions HTTP/1.1\n"
                                    + "Host: t\n"
                                    + "Authorization: Bearer TOKEN\n"
                                    + "Content-Type: application/json\n"
                                    + "Content-Encoding: gzip\n"
                                    + "Content-Length: 13\n\n"
                                    + "{\"model\":\"m\"}")
                            .body());
            JsonNode entry = fixture.loggedRequest();
            assertEquals(13, entry.path("bytes_received").asInt());
            assertFalse(entry.has("model") || entry.has("prompt_tokens"), entry.toString());
        }
    }

    @Test
    void withoutAnAccessLogOnlyWarningsAreLogged() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("ACCESS_LOG", "false")) {
            fixture.origin.on("/rejected", "HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n");
            assertEquals(200, fixture.get("/x").status());
            assertEquals(401, fixture.get("/rejected").status());
            ProxyFixture.eventually(() -> fixture.logged().contains("rejected the tenant's token"));
            // lines are in order: the line of the first request would precede this one
            assertFalse(fixture.logged().contains("\"event\":\"request\""), fixture.logged());
        }
    }

    private static int ready(ProxyFixture fixture) throws IOException {
        return RawClient.exchange(fixture.proxy.opsPort(), "GET /readyz HTTP/1.1\nHost: ops\n\n")
                .status();
    }
}
