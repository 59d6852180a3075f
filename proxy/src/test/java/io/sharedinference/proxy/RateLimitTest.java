package io.sharedinference.proxy;

import static io.sharedinference.proxy.ErrorResponseTest.assertError;
import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on the requests and tokens of a tenant and its users; every request is released. */
class RateLimitTest {
    private static final String WAIT = "300s";

    private final CountDownLatch finish = new CountDownLatch(1);

    @Test
    void requestsOverALimitGet429WithRateLimitHeaders() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("USER_REQUESTS_PER_MINUTE", "1")) {
            assertEquals(200, fixture.get("/x").status());
            Response response = fixture.get("/x");
            assertError(response, 429, "rate_limited");
            assertTrue(
                    response.body()
                            .contains("the limit of 1 requests per minute per user is reached"
                                    + " (USER_REQUESTS_PER_MINUTE)"),
                    response.body());
            int retry = Integer.parseInt(response.header("Retry-After").orElse(""));
            assertTrue(retry > 0 && retry <= 60, response.headerSection());
            assertEquals("1", response.header("x-ratelimit-limit-requests").orElse(""));
            assertEquals("0", response.header("x-ratelimit-remaining-requests").orElse(""));
            assertTrue(
                    response.header("x-ratelimit-reset-requests").orElse("").matches("1m0s|\\d\\d?s"),
                    response.headerSection());
            assertTrue(response.header("x-ratelimit-limit-tokens").isEmpty());
            assertTrue(fixture.metrics()
                    .contains("inference_proxy_limited_requests_total{limit=\"user_requests_per_minute\"} 1.0"));
            assertTrue(fixture.metrics().contains("inference_proxy_errors_total{code=\"rate_limited\"} 1.0"));
            assertEquals(
                    "rate_limited",
                    line(fixture, "\"status\":429").path("outcome").asText());
            assertEquals(1, fixture.origin.received().size());
        }
    }

    @Test
    void successfulResponsesAreUnchanged() throws Exception {
        try (ProxyFixture limited = ProxyFixture.start(
                        "REQUESTS_PER_MINUTE", "1000", "MAX_REQUESTS", "1000", "TOKENS_PER_MINUTE", "1000");
                ProxyFixture plain = ProxyFixture.start()) {
            limited.origin.on("/x", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
            plain.origin.on("/x", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
            assertEquals(plain.get("/x"), limited.get("/x"));
        }
    }

    @Test
    void requestsWithoutATokenAreNotLimited() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("REQUESTS_PER_MINUTE", "1", "USER_REQUESTS_PER_MINUTE", "1")) {
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        200,
                        fixture.exchange("GET /version HTTP/1.1\nHost: t\n\n").status());
            }
            assertEquals(200, fixture.get("/x").status());
            assertEquals(429, fixture.get("/x").status());
        }
    }

    @Test
    void tokensCountForTheRequestingUser() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("USER_TOKENS_PER_MINUTE", "10")) {
            fixture.iam.user("other", "bob");
            fixture.origin.on("/v1/chat/completions", call -> {
                call.rawBody();
                call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 56\r\n\r\n"
                        + "{\"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 40}}");
            });
            String chat =
                    "POST /v1/chat/completions HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\nContent-Length: 2\n\n{}";
            assertEquals(200, fixture.exchange(chat).status());
            Response response = fixture.exchange(chat);
            assertError(response, 429, "rate_limited");
            assertTrue(response.body().contains("(USER_TOKENS_PER_MINUTE)"), response.body());
            assertEquals("10", response.header("x-ratelimit-limit-tokens").orElse(""));
            assertTrue(
                    response.header("x-ratelimit-reset-tokens").orElse("").matches("[34]m\\d\\d?s"),
                    response.headerSection());
            assertEquals(200, fixture.get("/v1/models").status());
            assertEquals(
                    200,
                    fixture.exchange(
                                    chat.replace("completions", "%63ompletions").replace("TOKEN", "other"))
                            .status());
            assertError(fixture.exchange(chat.replace("completions", "%63ompletions")), 429, "rate_limited");
            assertEquals(200, fixture.exchange(chat.replace("TOKEN", "other")).status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"large\"}",
                "{\"messages\":\"LONG\",\"model\":\"large\"}",
                "{\"model\":\"small\",\"model\":\"l\\u0061rge\"}",
                "{\"model\":\"large\",\"messages\":\"HUGE\"}",
            })
    void modelLimitsApplyWhereverTheBodyNamesTheModel(String text) throws Exception {
        String body = text.replace("LONG", "x".repeat(300_000)).replace("HUGE", "x".repeat(3_000_000));
        try (ProxyFixture fixture = ProxyFixture.start("MODEL_LIMITS", "{\"large\":{\"userTokensPerMinute\":1}}")) {
            fixture.origin.on("/v1/chat/completions", call -> {
                call.rawBody();
                call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n"
                        + "{\"usage\":{\"prompt_tokens\":9999}}");
            });
            assertEquals(200, fixture.exchange(chunked(body)).status());
            for (String request : List.of(chat(body), chunked(body))) {
                Response response = fixture.exchange(request);
                assertError(response, 429, "rate_limited");
                assertTrue(
                        response.body().contains("per user for the model is reached (MODEL_LIMITS)"), response.body());
            }
            assertEquals(200, fixture.exchange(chat("{\"model\":\"small\"}")).status());
            assertEquals(200, fixture.get("/v1/models").status());
            assertTrue(fixture.metrics()
                    .contains("inference_proxy_limited_requests_total{limit=\"model_user_tokens_per_minute\"} 2.0"));
        }
    }

    @Test
    void bodiesBufferedForTheirModelAreForwardedUnchanged() throws Exception {
        try (ProxyFixture limited = ProxyFixture.start("MODEL_LIMITS", "{\"large\":{\"requests\":1000}}");
                ProxyFixture plain = ProxyFixture.start()) {
            for (String request : List.of(
                    chat("{\"model\":\"large\"}"),
                    chat("not JSON"),
                    chat(""),
                    chunked("{}"),
                    chunked("{\"model\":\"large\"}").replace("0\n\n", "0\nTrailer: x\n\n"))) {
                String echo = limited.exchange(request)
                        .body()
                        .replace(limited.origin.url().substring(7), "origin");
                assertEquals(
                        plain.exchange(request)
                                .body()
                                .replace(plain.origin.url().substring(7), "origin"),
                        echo);
            }
            try (RawClient client = limited.client()) {
                client.send(crlf(chat("{\"model\":\"large\"}").split("\n\n")[0].replace("TOKEN", ProxyFixture.TOKEN)
                        + "\nExpect: 100-continue\n\n"));
                assertEquals(100, client.response().status());
                assertEquals(
                        200, client.send("{\"model\":\"large\"}").response().status());
            }
        }
    }

    @Test
    void aQueuedRequestForAModelIsForwardedWithItsBody() throws Exception {
        try (ProxyFixture fixture = held("MODEL_LIMITS", "{\"large\":{\"requests\":1}}", "QUEUE_TIMEOUT", WAIT);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            String body = "{\"messages\":\"%s\",\"model\":\"large\"}".formatted("x".repeat(200_000));
            String chat = crlf(chat(body)).replace("TOKEN", ProxyFixture.TOKEN);
            first.send(chat.replace("/v1/chat/completions", "/held")).readUntil("begun\r\n");
            second.send(chat);
            awaitQueued(fixture, 1);
            assertEquals(200, fixture.exchange(chat("{\"model\":\"small\"}")).status());
            finish.countDown();
            assertTrue(second.response().body().endsWith(body));
        }
    }

    @Test
    void aQueuedRequestIsForwardedWhenAnotherHasEnded() throws Exception {
        try (ProxyFixture fixture = held("MAX_USER_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            begin(first);
            second.send(request("/x"));
            awaitQueued(fixture, 1);
            assertEquals(1, fixture.origin.received().size());
            finish.countDown();
            assertEquals(200, second.response().status());
            awaitQueued(fixture, 0);
            assertTrue(fixture.metrics().contains("inference_proxy_queue_duration_seconds_count 1"));
            assertTrue(line(fixture, "\"path\":\"/x\"").path("queue_ms").isNumber());
            assertFalse(line(fixture, "\"path\":\"/held\"").has("queue_ms"));
        }
    }

    @Test
    void queuedRequestsGet429AtTheDeadline() throws Exception {
        try (ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", "200ms");
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            begin(first);
            Response response = second.send(request("/x")).response();
            assertError(response, 429, "rate_limited");
            assertTrue(response.body().contains("(MAX_REQUESTS)"), response.body());
            assertEquals("1", response.header("Retry-After").orElse(""));
            assertTrue(line(fixture, "\"status\":429").path("queue_ms").asInt() >= 150);
            awaitQueued(fixture, 0);
            finish.countDown();
            first.readUntil("0\r\n\r\n");
            assertEquals(200, second.send(request("/x")).response().status(), "the connection was closed");
        }
    }

    @Test
    void bodiesOfQueuedRequestsAreForwarded() throws Exception {
        String body = "x".repeat(3_000_000);
        try (ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            begin(first);
            fixture.origin.on(
                    "/upload",
                    call -> call.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
                            + call.rawBody().length()));
            Thread upload = Thread.ofVirtual()
                    .start(() -> send(
                            second,
                            request("/upload")
                                            .replace("GET", "POST")
                                            .replace("\r\n\r\n", "\r\nContent-Length: " + body.length() + "\r\n\r\n")
                                    + body));
            awaitQueued(fixture, 1);
            finish.countDown();
            assertEquals("3000000", second.response().body());
            upload.join();
        }
    }

    @Test
    void queuedRequestsOfDisconnectedClientsAreNotForwarded() throws Exception {
        try (ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT);
                RawClient first = fixture.client()) {
            begin(first);
            try (RawClient disconnecting = fixture.client()) {
                disconnecting.send(request("/impatient"));
                awaitQueued(fixture, 1);
            }
            awaitQueued(fixture, 0);
            assertEquals(
                    "client_closed",
                    line(fixture, "\"path\":\"/impatient\"").path("outcome").asText());
            finish.countDown();
            first.readUntil("0\r\n\r\n");
            assertFree(fixture);
            assertFalse(String.join("", fixture.origin.received()).contains("/impatient"));
        }
    }

    @Test
    void disconnectingDuringAStreamReleasesTheRequest() throws Exception {
        try (ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT)) {
            try (RawClient first = fixture.client()) {
                begin(first);
            }
            assertFree(fixture);
        }
    }

    @Test
    void failedResponsesReleaseTheRequest() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT)) {
            fixture.origin.on("/closes", call -> call.socket().close());
            fixture.origin.on("/malformed", "nonsense\n\n");
            fixture.origin.on("/breaks", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                call.socket().close();
            });
            assertEquals(502, fixture.get("/closes").status());
            assertEquals(502, fixture.get("/malformed").status());
            try (RawClient client = fixture.client()) {
                client.send(request("/breaks")).readUntil("half");
                assertTrue(client.ended());
            }
            assertFree(fixture);
        }
    }

    @Test
    void requestsThatCannotBeForwardedAreReleased() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        try (ProxyFixture fixture = ProxyFixture.start("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT)) {
            fixture.mount("v2", "http://127.0.0.1:" + unused, "t");
            ProxyFixture.eventually(() -> fixture.get("/x").status() == 502);
            assertEquals(502, fixture.get("/x").status());
            fixture.mount("v3", fixture.origin.url(), "");
            ProxyFixture.eventually(() -> fixture.get("/x").status() == 503);
            assertEquals(503, fixture.get("/x").status());
            fixture.mount("v4", fixture.origin.url(), "t");
            ProxyFixture.eventually(() -> fixture.get("/x").status() == 200);
            assertFree(fixture);
        }
    }

    @Test
    void timeoutsReleaseTheRequest() throws Exception {
        try (ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT, "IDLE_TIMEOUT", "300ms");
                RawClient first = fixture.client()) {
            begin(first);
            assertTrue(first.ended());
            assertFree(fixture);
        }
    }

    @Test
    void drainingServesQueuedRequestsToo() throws Exception {
        ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT, "DRAIN_TIMEOUT", "60s");
        try (RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            begin(first);
            second.send(request("/x"));
            awaitQueued(fixture, 1);
            Thread drain = Thread.ofPlatform().start(fixture.proxy::drain);
            ProxyFixture.eventually(() -> fixture.logged().contains("draining"));
            finish.countDown();
            first.readUntil("0\r\n\r\n");
            Response response = second.response();
            assertEquals(200, response.status());
            assertEquals("close", response.header("Connection").orElse(""));
            assertTrue(second.ended());
            drain.join(30_000);
            assertFalse(drain.isAlive());
        }
        ProxyFixture.eventually(() -> fixture.logged().contains("\"event\":\"drained\",\"connections_broken_off\":0"));
    }

    @Test
    void drainingDoesNotWaitForTheQueue() throws Exception {
        ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT, "DRAIN_TIMEOUT", "200ms");
        try (RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            begin(first);
            second.send(request("/x"));
            awaitQueued(fixture, 1);
            fixture.proxy.drain();
        }
        ProxyFixture.eventually(() -> fixture.logged().contains("\"connections_broken_off\":2"));
    }

    @Test
    void queuedRequestsAreFreedOverTheMemoryLimit() throws Exception {
        try (ProxyFixture fixture = held("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT, "MEMORY_LIMIT", "4000000");
                RawClient first = fixture.client()) {
            begin(first);
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                fixture.iam.user("user-" + i, "user-" + i);
                waiting.add(fixture.client()
                        .send(crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer user-" + i + "\nX: "
                                + "x".repeat(60_000) + "\n\n")));
            }
            ProxyFixture.eventually(() -> fixture.metrics().contains("errors_total{code=\"overloaded\"}"));
            finish.countDown();
            first.readUntil("0\r\n\r\n");
            for (RawClient each : waiting) {
                each.close();
            }
            awaitQueued(fixture, 0);
            assertFree(fixture);
        }
    }

    @Test
    void aFloodOfOneUserDoesNotBlockOthers() throws Exception {
        Semaphore next = new Semaphore(0);
        try (ProxyFixture fixture = ProxyFixture.start("MAX_REQUESTS", "1", "QUEUE_TIMEOUT", WAIT)) {
            fixture.iam.user("other", "bob");
            List<String> order = new ArrayList<>();
            fixture.origin.byDefault(call -> {
                synchronized (order) {
                    order.add(call.headerSection().split(" ")[1]);
                }
                next.acquire();
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(fixture.client().send(request("/flood")));
                awaitQueued(fixture, i);
            }
            RawClient other = fixture.client();
            other.send(request("/other").replace(ProxyFixture.TOKEN, "other"));
            awaitQueued(fixture, 20);
            next.release(2);
            ProxyFixture.eventually(() -> {
                synchronized (order) {
                    return order.size() == 3;
                }
            });
            next.release(100);
            assertEquals(200, other.response().status());
            assertEquals(List.of("/flood", "/flood", "/other"), order.subList(0, 3));
            clients.add(other);
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static String chat(String body) {
        return "POST /v1/chat/completions HTTP/1.1\n"
                + "Host: t\n"
                + "Authorization: Bearer TOKEN\n"
                + "Content-Type: application/json\n"
                + "Content-Length:"
                + " " + body.length() + "\n\n" + body;
    }

    /** A chunked request with two chunks. */
    private static String chunked(String body) {
        int half = body.length() / 2;
        return "POST /v1/chat/completions HTTP/1.1\n"
                + "Host: t\n"
                + "Authorization: Bearer TOKEN\n"
                + "Content-Type: application/json\n"
                + "Transfer-Encoding:"
                + " chunked\n\n" + Integer.toHexString(half) + "\n" + body.substring(0, half) + "\n"
                + Integer.toHexString(body.length() - half) + "\n" + body.substring(half) + "\n0\n\n";
    }

    /** A proxy with a path {@code /held} whose response ends when {@code finish} is counted down. */
    private ProxyFixture held(String... settings) throws Exception {
        ProxyFixture fixture = ProxyFixture.start(settings);
        fixture.origin.on("/held", call -> {
            call.rawBody();
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.sendChunk("begun");
            finish.await();
            call.send("0\r\n\r\n");
        });
        return fixture;
    }

    private static void begin(RawClient client) throws Exception {
        client.send(request("/held")).readUntil("begun\r\n");
    }

    private static String request(String path) {
        return crlf("GET " + path + " HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");
    }

    private static void send(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQueued(ProxyFixture fixture, int count) throws Exception {
        ProxyFixture.eventually(() -> fixture.metrics().contains("inference_proxy_queued_requests " + count + ".0\n"));
    }

    /** No request is in flight: several requests in a row are admitted. */
    private static void assertFree(ProxyFixture fixture) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(200, fixture.get("/free").status());
        }
    }

    private static JsonNode line(ProxyFixture fixture, String part) throws Exception {
        ProxyFixture.eventually(() -> fixture.logged().lines().anyMatch(text -> text.contains(part)));
        return new JsonMapper()
                .readTree(fixture.logged()
                        .lines()
                        .filter(text -> text.contains(part))
                        .findFirst()
                        .orElseThrow());
    }
}
