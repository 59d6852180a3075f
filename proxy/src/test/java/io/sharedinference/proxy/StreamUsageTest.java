package io.sharedinference.proxy;

import static io.sharedinference.proxy.ErrorResponseTest.assertError;
import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens of streams are counted although the client does not request usage, and the client gets no usage. */
class StreamUsageTest {
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String ADDED = "\"stream_options\":{\"include_usage\":true},";
    private static final String AMENDED = BODY.replace("{", "{" + ADDED);
    private static final String LAST =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}\n\n";
    private static final String EVENTS = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String UNCOUNTED = "inference_proxy_uncounted_requests_total";

    private ProxyFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = ProxyFixture.start("STREAM_USAGE", "true", "USER_METRICS", "true", "STREAM_USAGE_MAX_BODY", "1000");
        fixture.origin.on("/v1/chat/completions", call -> {
            boolean usage = call.rawBody().contains("include_usage\":true");
            call.send(STREAM);
            call.sendChunk(EVENTS.replace("}]}", usage ? "}],\"usage\":null}" : "}]}"));
            call.sendChunk((usage ? LAST : "") + DONE);
            call.send("0\r\nX-Sum: 1\r\n\r\n");
        });
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void streamsAreCountedAndTheClientGetsNoUsage() throws Exception {
        Response response = fixture.exchange(post("Accept-Encoding: gzip, br\nX-After: 1\n"));
        assertEquals(EVENTS + DONE, data(response));
        assertTrue(response.body().endsWith("\r\n0\r\nX-Sum: 1\r\n\r\n"), "trailers are kept");
        assertEquals(
                List.of(crlf("""
                    POST /v1/chat/completions HTTP/1.1
                    Host: %s
                    Authorization: Bearer %s
                    Content-Type: application/json
                    X-After: 1
                    Content-Length: %d
                    Accept-Encoding: identity

                    %s\
                    """)
                        .formatted(
                                fixture.origin.url().substring("http://".length()),
                                ProxyFixture.SERVICE_TOKEN,
                                AMENDED.length(),
                                AMENDED)),
                fixture.origin.received());
        JsonNode line = fixture.loggedRequest();
        assertEquals(7, line.path("prompt_tokens").asInt());
        assertEquals(9, line.path("completion_tokens").asInt());
        assertEquals(BODY.length(), line.path("bytes_received").asInt());
        assertEquals(
                (response.headerSection() + response.body()).length(),
                line.path("bytes_sent").asInt());
        assertMetric(
                "inference_proxy_user_tokens_total{gen_ai_request_model=\"m\",gen_ai_token_type=\"output\",user=\"alice\"}"
                    + " 9.0");
        assertNothingUncounted();
    }

    @Test
    void aChunkedBodyStaysChunked() throws Exception {
        Response response = fixture.exchange(headerSection("Transfer-Encoding: chunked\nTrailer: X-T\n")
                + "5;a=b\n{\"str\n12\neam\":true,\"a\":\"bc\"\n1\n}\n0\nX-T: 1\n\n");
        assertEquals(EVENTS + DONE, data(response));
        String received = fixture.origin.received().getFirst();
        String body = "{" + ADDED + "\"stream\":true,\"a\":\"bc\"}";
        assertEquals(
                "\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\nX-T: 1\r\n\r\n",
                received.substring(received.indexOf("\r\n\r\n")));
        assertTrue(received.contains("Transfer-Encoding: chunked\r\n"), received);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"stream\":true,\"stream_options\":{}}           | Content-Type: application/json | stream_options",
                "{\"stream\":true,\"stream_options\":null}         | Content-Type: application/json | stream_options",
                "{\"stream\":true,\"stream_\\u006fptions\":null}   | Content-Type: application/json | stream_options",
                "{\"stream\":true                                  | Content-Type: application/json | not_json",
                "{\"stream\":true}                                 | Content-Type: text/plain       | not_json",
                "{\"stream\":true,\"stream\":false}                | Content-Type: application/json | not_reported",
                "{\"stream\":true}                                 | Content-Type: application/json`Content-Encoding:"
                        + " gzip | compressed",
            })
    void otherBodiesAreForwardedUnchangedAndUncounted(String body, String lines, String reason) throws Exception {
        fixture.exchange(
                "POST /v1/chat/completions HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\nAccept-Encoding: gzip\n"
                        + lines.replace('`', '\n') + "\nContent-Length: " + body.length() + "\n\n" + body);
        String received = fixture.origin.received().getFirst();
        assertTrue(received.endsWith("\r\n\r\n" + body), received);
        assertTrue(received.contains("\r\nAccept-Encoding: gzip\r\n"), received);
        assertMetric(UNCOUNTED + "{reason=\"" + reason + "\"} 1.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Length: 1001%n%n                | false",
                "Transfer-Encoding: chunked%n%n3e9%n     | true",
            })
    void tooLargeBodiesAreForwardedUnchanged(String framing, boolean chunked) throws Exception {
        String body = "{\"stream\":true,\"x\":\"" + "x".repeat(1001 - 22) + "\"}";
        fixture.exchange("POST /v1/chat/completions HTTP/1.1\n"
                + "Host: t\n"
                + "Authorization: Bearer TOKEN\n"
                + "Content-Type: application/json\n"
                + framing.replace("%n", "\n") + body + (chunked ? "\n0\n\n" : ""));
        assertTrue(fixture.origin.received().getFirst().contains(body), fixture.origin.received()::toString);
        assertMetric(UNCOUNTED + "{reason=\"body_too_large\"} 1.0");
    }

    @Test
    void aChunkedBodyThatBecomesTooLargeIsForwardedWhileItArrives() throws Exception {
        Semaphore arrived = new Semaphore(0);
        fixture.origin.on("/completions", call -> {
            String body = call.rawBody();
            arrived.release();
            call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertTrue(body.endsWith("\r\n2\r\nzz\r\n0\r\n\r\n"), body);
        });
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /completions HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\nContent-Type: application/json\nTransfer-Encoding: chunked\nExpect: 100-continue\n\n"));
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readUntil("\r\n\r\n"));
            for (int i = 0; i < 3; i++) {
                client.send("190\r\n" + "y".repeat(400) + "\r\n");
            }
            ProxyFixture.eventually(() -> fixture.origin.received().stream().anyMatch(text -> text.contains("yyy")));
            Response response = client.send("2\r\nzz\r\n0\r\n\r\n").response();
            assertEquals(200, response.status(), "a second 100 Continue");
            assertTrue(arrived.tryAcquire());
        }
    }

    @ParameterizedTest
    @CsvSource({"GET /v1/chat/completions", "PUT /v1/chat/completions", "POST /v1/responses", "POST /embed"})
    void otherRequestsAreForwardedUnchanged(String start) throws Exception {
        String body = fixture.exchange(post("").replace("POST /v1/chat/completions", start))
                .body();
        assertFalse(body.contains("include_usage"), body);
        assertFalse(fixture.origin.received().getFirst().contains("include_usage"));
        assertNothingUncounted();
    }

    @Test
    void requestsAreUnchangedByDefault() throws Exception {
        try (ProxyFixture defaults = ProxyFixture.start()) {
            String received = defaults.exchange(post("Accept-Encoding: gzip\n")).body();
            assertTrue(received.endsWith("\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY), received);
            assertTrue(received.contains("Accept-Encoding: gzip\r\n"));
            assertFalse(defaults.metrics().contains(UNCOUNTED));
        }
    }

    @Test
    void compressedResponsesAreForwardedUncounted() throws Exception {
        String sent = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nContent-Length: "
                + LAST.length() + "\r\n\r\n" + LAST;
        fixture.origin.on("/v1/chat/completions", call -> {
            call.rawBody();
            call.send(sent);
        });
        Response response = fixture.exchange(post(""));
        assertEquals(sent, response.headerSection() + response.body());
        assertMetric(UNCOUNTED + "{reason=\"compressed\"} 1.0");
    }

    @Test
    void responsesThatAreNotStreamsAreForwardedUnchanged() throws Exception {
        String sent = "HTTP/1.1 400 Bad Request\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: 14\r\n\r\n"
                + "{\"usage\":null}";
        fixture.origin.on("/v1/chat/completions", call -> {
            call.rawBody();
            call.send(sent);
        });
        Response response = fixture.exchange(post(""));
        assertEquals(sent, response.headerSection() + response.body());
        assertNothingUncounted();
    }

    @Test
    void aStreamWithoutUsageIsUncounted() throws Exception {
        stream(fixture, call -> {
            call.sendChunk(EVENTS + DONE);
            call.send("0\r\n\r\n");
        });
        assertEquals(EVENTS + DONE, data(fixture.exchange(post(""))));
        assertMetric(UNCOUNTED + "{reason=\"not_reported\"} 1.0");
    }

    @Test
    void streamsOfDisconnectedClientsAreUncounted() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        stream(fixture, call -> {
            call.sendChunk(EVENTS);
            call.awaitClosed();
            closed.countDown();
        });
        try (RawClient client = fixture.client()) {
            client.send(crlf(post("").replace("TOKEN", ProxyFixture.TOKEN))).readUntil("\n\n");
        }
        assertTrue(closed.await(30, TimeUnit.SECONDS));
        ProxyFixture.eventually(() -> fixture.metrics().contains(UNCOUNTED + "{reason=\"interrupted\"} 1.0"));
    }

    @Test
    void eachEventArrivesBeforeTheNextIsSent() throws Exception {
        Semaphore seen = new Semaphore(0);
        stream(fixture, call -> {
            for (int i = 0; i < 3; i++) {
                call.sendChunk("data: {\"usage\":null,\"i\":");
                call.sendChunk(i + "}\n");
                call.sendChunk("\n");
                seen.acquire();
            }
            call.sendChunk(LAST);
            call.send("0\r\n\r\n");
        });
        try (RawClient client = fixture.client()) {
            client.send(crlf(post("").replace("TOKEN", ProxyFixture.TOKEN))).readUntil("\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                assertTrue(client.readUntil("\n\n").endsWith("data: {\"i\":" + i + "}\n\n"));
                seen.release();
            }
            assertEquals("\r\n0\r\n\r\n", client.readUntil("0\r\n\r\n"), "no empty chunk, which would end the stream");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, Content-Length: LENGTH",
        "HTTP/1.0, Content-Length: LENGTH",
        "HTTP/1.1, X: until the end",
        "HTTP/1.0, X: until the end"
    })
    void streamsWithOtherFramingEndWithTheConnection(String version, String framing) throws Exception {
        String events = EVENTS + LAST + DONE + "data: [DO";
        fixture.origin.on("/v1/chat/completions", call -> {
            call.rawBody();
            call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + framing.replace("LENGTH", String.valueOf(events.length())) + "\r\n\r\n" + events);
            call.socket().close();
        });
        Response response = fixture.exchange(post("").replace("HTTP/1.1", version));
        assertEquals(EVENTS + DONE + "data: [DO", response.body());
        assertEquals("close", response.header("Connection").orElse(""));
        assertTrue(response.header("Content-Length").isEmpty());
        assertNothingUncounted();
    }

    @Test
    void anHttp10ClientGetsTheStreamWithoutChunks() throws Exception {
        Response response = fixture.exchange(post("").replace("HTTP/1.1", "HTTP/1.0"));
        assertEquals(EVENTS + DONE, response.body());
    }

    @Test
    void aHeaderSectionWithTheMaximumOfLinesIsForwardedUnchanged() throws Exception {
        String lines = "X: y\n".repeat(256 - 3);
        assertEquals(
                200,
                fixture.exchange(post(lines).replace("Host: t\n", "").replace("HTTP/1.1", "HTTP/1.0"))
                        .status());
        assertFalse(fixture.origin.received().getFirst().contains("include_usage"));
        assertMetric(UNCOUNTED + "{reason=\"not_reported\"} 1.0");
    }

    @Test
    void pipelinedRequestsGetResponsesInOrder() throws Exception {
        try (RawClient client = fixture.client()) {
            String request = crlf(post("").replace("TOKEN", ProxyFixture.TOKEN));
            client.send(request + request + request.replace("\"stream\":true", "\"stream\":null"));
            for (int i = 0; i < 3; i++) {
                assertEquals(EVENTS + DONE, data(client.response()));
            }
        }
    }

    @Test
    void bodiesAreBufferedUntilTheyAreComplete() throws Exception {
        try (RawClient client = fixture.client()) {
            client.send(crlf(headerSection("Expect: 100-continue\nContent-Length: " + BODY.length() + "\n")
                    .replace("TOKEN", ProxyFixture.TOKEN)));
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readUntil("\r\n\r\n"));
            client.send(BODY.substring(0, 5));
            client.send(BODY.substring(5, 9));
            assertEquals(List.of(), fixture.origin.received());
            assertEquals(EVENTS + DONE, data(client.send(BODY.substring(9)).response()));
            assertFalse(fixture.origin.received().getFirst().contains("Expect"));
        }
    }

    @Test
    void incompleteBodiesOfDisconnectedClientsAreNotForwarded() throws Exception {
        try (RawClient client = fixture.client()) {
            client.send(crlf(headerSection("Content-Length: 900\n").replace("TOKEN", ProxyFixture.TOKEN)) + "{");
            ProxyFixture.eventually(() -> fixture.metrics().contains("http_server_active_requests 1.0"));
        }
        assertEquals(499, fixture.loggedRequest().path("status").asInt());
        assertEquals(List.of(), fixture.origin.received());
        assertNothingUncounted();
    }

    @ParameterizedTest
    @CsvSource({"IDLE_TIMEOUT, 300ms", "MIN_BODY_RATE, 100000"})
    void bufferedBodiesHaveTheUsualTimeouts(String setting, String value) throws Exception {
        try (ProxyFixture custom =
                ProxyFixture.start("STREAM_USAGE", "true", "BODY_RATE_PERIOD", "300ms", setting, value)) {
            assertError(custom.exchange(headerSection("Content-Length: 900\n") + "{"), 408, "request_timeout");
            assertEquals(List.of(), custom.origin.received());
        }
    }

    @Test
    void malformedChunksAreRefusedBeforeForwarding() throws Exception {
        assertError(fixture.exchange(headerSection("Transfer-Encoding: chunked\n") + "1\n{\nx"), 400, "bad_request");
        assertEquals(List.of(), fixture.origin.received());
    }

    @Test
    void bufferedBodiesCountTowardTheMemoryLimit() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        try (ProxyFixture custom = ProxyFixture.start(
                        "STREAM_USAGE", "true", "MEMORY_LIMIT", String.valueOf(300_000 * processors));
                RawClient client = custom.client()) {
            client.send(crlf(headerSection("Content-Length: 900000\n").replace("TOKEN", ProxyFixture.TOKEN)) + "{");
            for (int i = 0; i < 20; i++) {
                client.send("x".repeat(40_000));
            }
            assertError(client.response(), 503, "overloaded");
            assertEquals(List.of(), custom.origin.received());
        }
    }

    @Test
    void stalePooledConnectionsAreRetried() throws Exception {
        Semaphore closed = new Semaphore(0);
        stream(fixture, call -> {
            call.sendChunk(EVENTS + LAST + DONE);
            call.send("0\r\n\r\n");
            call.socket().close();
            closed.release();
        });
        for (int i = 0; i < 100; i++) {
            assertEquals(EVENTS + DONE, data(fixture.exchange(post(""))), "request " + i);
            closed.acquire();
        }
    }

    @Test
    void idleStreamsGetCommentsBetweenEvents() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (ProxyFixture custom = ProxyFixture.start("STREAM_USAGE", "true", "EVENT_KEEP_ALIVE", "100ms");
                RawClient client = custom.client()) {
            stream(custom, call -> {
                call.sendChunk(EVENTS + LAST.substring(0, 9));
                seen.await();
                call.sendChunk(LAST.substring(9) + DONE);
                call.send("0\r\n\r\n");
            });
            client.send(crlf(post("").replace("TOKEN", ProxyFixture.TOKEN))).readUntil("\n\n\r\n");
            assertEquals("2\r\n:\n\r\n", client.readUntil("\n\r\n"));
            seen.countDown();
            assertEquals(
                    DONE,
                    client.readUntil("0\r\n\r\n").replace("2\r\n:\n\r\n", "").replaceAll("[0-9a-f]+\r\n|\r\n", ""));
        }
    }

    @Test
    void incompleteStreamsAreAborted() throws Exception {
        stream(fixture, call -> {
            call.sendChunk(EVENTS + "data: {\"cho");
            call.socket().close();
        });
        try (RawClient client = fixture.client()) {
            String all = client.send(crlf(post("").replace("TOKEN", ProxyFixture.TOKEN)))
                    .readAll();
            assertTrue(all.endsWith(EVENTS + "\r\n"), all);
        }
        assertEquals(
                "shared_api_protocol_error",
                fixture.loggedRequest().path("outcome").asText());
    }

    /** Responds to chats with an event stream. */
    private static void stream(ProxyFixture fixture, FakeOrigin.Handler events) {
        fixture.origin.on("/v1/chat/completions", call -> {
            call.rawBody();
            call.send(STREAM);
            events.respond(call);
        });
    }

    private static String headerSection(String lines) {
        return "POST /v1/chat/completions HTTP/1.1\n"
                + "Host: t\n"
                + "Authorization: Bearer TOKEN\n"
                + "Content-Type: application/json\n"
                + lines + "\n";
    }

    private static String post(String lines) {
        return headerSection(lines + "Content-Length: " + BODY.length() + "\n") + BODY;
    }

    private static String data(Response response) {
        return response.body().replaceAll("(?m)^[0-9a-f]+\r\n|^X-Sum: 1\r\n|\r\n", "");
    }

    private void assertNothingUncounted() throws IOException {
        assertFalse(fixture.metrics().contains(UNCOUNTED), fixture::logged);
    }

    private void assertMetric(String line) throws Exception {
        ProxyFixture.eventually(() -> fixture.logged().contains("\"event\":\"request\""));
        String name = line.split("\\{")[0];
        List<String> lines =
                fixture.metrics().lines().filter(each -> each.startsWith(name)).collect(Collectors.toList());
        assertTrue(lines.contains(line), line + " is not among " + lines);
    }
}
