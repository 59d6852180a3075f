package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/1.0 clients get the same responses as HTTP/1.1 clients, without chunks. */
class Http10Test {
    private static final String CHUNKED = """
        HTTP/1.1 200 OK
        Content-Type: text/event-stream
        Trailer: X-Sum
        Transfer-Encoding: chunked

        """;

    private ProxyFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = ProxyFixture.start("EVENT_KEEP_ALIVE", "100ms");
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void aChunkedStreamArrivesEventByEventWithoutItsFraming() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        fixture.origin.on("/stream", call -> {
            call.send(crlf(CHUNKED) + "6;a=b\r\ndata: ");
            call.send("\r\n3\r\n1\n\n\r\n");
            read.await();
            call.send("9\r\ndata: 2\n\n\r\n0\r\nX-Sum: 1\r\n\r\n");
        });
        try (RawClient client = send("GET", "/stream")) {
            String headerSection = client.readUntil("\r\n\r\n");
            assertFalse(
                    headerSection.contains("Transfer-Encoding") || headerSection.contains("Trailer"), headerSection);
            assertTrue(headerSection.contains("\r\nConnection: close\r\n"), headerSection);
            assertEquals("data: 1\n\n", client.readUntil("\n\n"));
            client.readUntil(":\n");
            read.countDown();
            assertEquals("data: 2\n\n", client.readAll().replace(":\n", ""));
        }
    }

    @Test
    void aChunkedResponseInOneReadArrivesAsItsData() throws Exception {
        fixture.origin.on("/list", CHUNKED + "2\n[]\n0\n\n");
        try (RawClient client = send("GET", "/list")) {
            assertEquals("[]", client.response().body());
        }
    }

    @Test
    void anIncompleteChunkedResponseIsAborted() throws Exception {
        fixture.origin.on("/broken", CHUNKED + "2\n[]\nnonsense\n");
        fixture.origin.on("/short", call -> {
            call.send(crlf(CHUNKED) + "2\r\n[]\r\n");
            call.socket().close();
        });
        for (String path : new String[] {"/broken", "/short"}) {
            try (RawClient client = send("GET", path)) {
                assertThrows(SocketException.class, client::readAll, path);
            }
        }
    }

    @Test
    void theHeaderSectionDoesNotAnnounceChunks() throws Exception {
        fixture.origin.on("/list", CHUNKED);
        try (RawClient client = send("HEAD", "/list")) {
            RawClient.Response response = client.responseWithoutBody();
            assertEquals(200, response.status());
            assertEquals(Optional.empty(), response.header("Transfer-Encoding"));
        }
    }

    @Test
    void requestsToTheSharedApiUseHttp11() throws Exception {
        fixture.origin.on(
                "/new",
                call -> call.send(
                        call.headerSection().contains(" HTTP/1.0\r\n")
                                ? crlf("HTTP/1.1 426 Upgrade Required\nContent-Length: 0\n\n")
                                : crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")));
        for (int i = 0; i < 2; i++) {
            try (RawClient client = send("GET", "/new")) {
                assertEquals("ok", client.response().body());
                assertTrue(client.ended(), "the connection stays open");
            }
        }
        assertEquals(
                "GET /new HTTP/1.1\r\nHost: 127.0.0.1:" + fixture.origin.port(),
                fixture.origin.received().getFirst().lines().limit(2).collect(Collectors.joining("\r\n")));
    }

    private RawClient send(String method, String path) throws IOException {
        return fixture.client()
                .send(crlf(method + " " + path + " HTTP/1.0\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
    }
}
