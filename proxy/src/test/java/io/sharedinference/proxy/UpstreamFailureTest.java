package io.sharedinference.proxy;

import static io.sharedinference.proxy.ErrorResponseTest.assertError;
import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shared API that misbehaves. */
@Tag("slow")
@ExtendWith(SharedProxy.class)
class UpstreamFailureTest {
    private final ProxyFixture fixture;

    UpstreamFailureTest(ProxyFixture fixture) {
        this.fixture = fixture;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
            })
    void malformedResponsesAreNotForwarded(String sent) throws IOException {
        fixture.origin.on("/malformed", call -> call.send(sent));
        Response response = sent.contains("nonsense") ? new Response("", "") : fixture.get("/malformed");
        if (response.headerSection().isEmpty()) {
            // the valid header section has been forwarded, so the response can only be aborted
            assertThrows(SocketException.class, () -> fixture.get("/malformed"));
        } else {
            assertError(response, 502, "shared_api_protocol_error");
        }
    }

    @Test
    void aConnectionClosedWithoutAResponseIsNotRetried() throws IOException {
        fixture.origin.on("/mute", call -> call.socket().close());
        assertError(fixture.get("/mute"), 502, "shared_api_unreachable");
        long requested = fixture.origin.received().stream()
                .filter(text -> text.contains(" /mute "))
                .count();
        assertEquals(1, requested);
    }

    @Test
    void anIncompleteHeaderSectionIsAProtocolError() throws IOException {
        fixture.origin.on("/half-head", call -> {
            call.send("HTTP/1.1 200 O");
            call.socket().close();
        });
        assertError(fixture.get("/half-head"), 502, "shared_api_protocol_error");
    }

    @Test
    void anIncompleteResponseIsAborted() throws IOException {
        fixture.origin.on("/broken", call -> {
            call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            call.socket().close();
        });
        try (RawClient client = fixture.client()) {
            client.send(get("/broken"));
            client.readUntil("hello\r\n");
            assertTrue(client.ended());
        }
    }

    @Test
    void aResetInAnUnframedResponseIsNotACleanClose() throws IOException {
        Semaphore partReceived = new Semaphore(0);
        fixture.origin.on("/reset", call -> {
            call.send("HTTP/1.1 200 OK\r\n\r\npart");
            call.socket().setSoLinger(true, 0);
            partReceived.acquire();
            call.socket().close();
        });
        try (RawClient client = fixture.client()) {
            client.send(get("/reset"));
            client.readUntil("part");
            partReceived.release();
            assertThrows(SocketException.class, client::readAll);
        }
    }

    @Test
    void aResetDetectedByAWriteIsNotACleanClose() throws Exception {
        fixture.origin.on("/reset-upload", call -> {
            call.send("HTTP/1.1 200 OK\r\n\r\npart");
            call.socket().setSoLinger(true, 0);
            call.in().readNBytes(1);
            call.socket().close();
        });
        for (int i = 0; i < 20; i++) {
            try (RawClient client = fixture.client()) {
                client.send(crlf("POST /reset-upload HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                        + "\nContent-Length: 100000000\n\n"));
                client.readUntil("part");
                upload(client);
            }
        }
        ProxyFixture.eventually(() -> logged("/reset-upload").size() == 20);
        // from the log, because the client's write may detect the proxy's reset first
        assertEquals(
                List.of(),
                logged("/reset-upload").stream()
                        .filter(line -> line.contains("\"answered\""))
                        .toList());
    }

    @Test
    void everyResetIsDetected() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("FIRST_BYTE_TIMEOUT", "5s")) {
            custom.origin.byDefault(call -> {
                call.send("HTTP/1.1 200 ");
                call.send("OK\r\nX: ");
                call.socket().setSoLinger(true, 0);
                call.socket().close();
            });
            for (int i = 0; i < 60; i++) {
                assertError(custom.get("/x"), 502, "shared_api_protocol_error");
            }
        }
    }

    @Test
    void anEarlyResponseToALongUploadReachesTheClient() throws IOException {
        fixture.origin.on("/full", call -> {
            call.send("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 8\r\n\r\ntoo much");
            call.socket().shutdownOutput();
            call.in().skipNBytes(1);
        });
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /full HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nContent-Length: 100000000\n\n")
                    + "x");
            Response response = client.response();
            assertEquals(413, response.status());
            assertEquals("too much", response.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0005\r\n\r\n",
            })
    void headerSectionsDoNotShortenTheFirstByteTimeout(String before) throws Exception {
        String rest = before.contains("chunked")
                ? "5\r\nlater\r\n0\r\n\r\n"
                : before.contains("200") ? "later" : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlater";
        try (ProxyFixture custom = ProxyFixture.start("IDLE_TIMEOUT", "300ms");
                RawClient client = custom.client()) {
            custom.origin.on("/think", call -> {
                call.send(before);
                Thread.sleep(1_000);
                call.send(rest);
            });
            client.send(get("/think"));
            Response response = client.response();
            while (response.status() < 200) {
                response = client.response();
            }
            assertEquals(200, response.status());
            assertTrue(response.body().contains("later"), response.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
            })
    void theFirstByteTimeoutAppliesAfterHeaderSections(String before) throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("FIRST_BYTE_TIMEOUT", "300ms");
                RawClient client = custom.client()) {
            custom.origin.on("/think", call -> {
                call.send(before);
                call.awaitClosed();
            });
            client.send(get("/think").replace("Host:", "Connection: close\r\nHost:"))
                    .readAll();
            assertEquals(
                    "shared_api_timeout", custom.loggedRequest().path("outcome").asText());
        }
    }

    @Test
    void aResponseBeforeTheEndOfItsRequestAnnouncesTheClose() throws Exception {
        fixture.origin.on("/early", call -> call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /early HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nContent-Length: 2\n\n")
                    + "x");
            Response response = client.response();
            assertEquals("ok", response.body());
            assertEquals(Optional.of("close"), response.header("Connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void bytesAfterAResponseAreDiscarded() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start();
                RawClient client = custom.client()) {
            custom.origin.on(
                    "/surplus",
                    call -> call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                            + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
            client.send(get("/surplus"));
            assertEquals("ok", client.response().body());
            client.send(get("/after"));
            assertTrue(client.response().body().startsWith("GET /after"));
            assertEquals(2, custom.origin.received().size(), "the connection was reused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS"})
    void anUndefinedBodyIsNotParsedAsTheNextRequest(String method) throws Exception {
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n";
        try (ProxyFixture custom = ProxyFixture.start();
                RawClient client = custom.client()) {
            // an origin that ignores the body, and so parses it as another request
            custom.origin
                    .on("/bodiless", "HTTP/1.1 200 OK\nContent-Length: 0\n\n")
                    .on("/smuggled", call -> {
                        if (call.in().read() >= 0) { // another request on the same connection
                            call.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                        }
                    });
            client.send(crlf(method + " /bodiless HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nContent-Length: " + smuggled.length() + "\n\n")
                    + smuggled);
            assertEquals(200, client.response().status());
            for (int i = 0; i < 10; i++) { // on both event loops
                assertTrue(custom.get("/next").body().startsWith("GET /next"));
            }
        }
    }

    @Test
    void stalePooledConnectionsAreRetried() throws Exception {
        Semaphore closed = new Semaphore(0);
        try (ProxyFixture custom = ProxyFixture.start()) {
            custom.origin.on("/once", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                call.socket().close();
                closed.release();
            });
            for (int i = 0; i < 200; i++) {
                assertEquals(200, custom.get("/once").status(), "request " + i);
                // closed later, it could not be detected
                closed.acquire();
            }
        }
    }

    @Test
    void connectionsAreReused() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start();
                RawClient client = custom.client()) {
            for (int i = 0; i < 20; i++) {
                client.send(get("/x"));
                client.response();
            }
            assertEquals(1, custom.origin.received().size());
        }
    }

    @Test
    void oldConnectionsAreNotReused() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("CONNECTION_MAX_AGE", "0ms");
                RawClient client = custom.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.send(get("/x")).response().status());
            }
            assertEquals(3, custom.origin.received().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1", "http://nowhere.invalid", "https://127.0.0.1:1"})
    void errorsDoNotRevealTheAddressOfTheSharedApi(String url) throws Exception {
        try (ProxyFixture custom = ProxyFixture.start()) {
            custom.mount("v2", url, "t");
            ProxyFixture.eventually(() -> custom.get("/x").status() == 502);
            String body = custom.get("/x").body();
            assertTrue(body.contains("\"the shared API is unreachable\""), body);
            assertTrue(custom.logged().contains(url.substring(url.lastIndexOf('/') + 1)), custom.logged());
        }
    }

    @Test
    void dotSegmentsCannotLeaveTheBasePath() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start()) {
            assertEquals(200, custom.get("/a/../b").status(), "rejected without a base path");
            custom.mount("v2", custom.origin.url() + "/base/", "t");
            ProxyFixture.eventually(() -> custom.get("/x").body().startsWith("GET /base/x "));
            assertError(custom.get("/../../admin"), 400, "bad_request");
            assertError(custom.get("/a/%2e%2e/%2E./admin"), 400, "bad_request");
            assertTrue(custom.origin.received().stream().noneMatch(text -> text.contains("admin")));
        }
    }

    @Test
    void aMissingFirstByteIsATimeout() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("FIRST_BYTE_TIMEOUT", "200ms")) {
            custom.origin.on("/silent", FakeOrigin.Call::awaitClosed);
            assertError(custom.get("/silent"), 504, "shared_api_timeout");
        }
    }

    @Test
    void aResponseThatStallsIsAborted() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("IDLE_TIMEOUT", "300ms")) {
            custom.origin.on("/stuck", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
                call.awaitClosed();
            });
            try (RawClient client = custom.client()) {
                client.send(get("/stuck"));
                client.readUntil("part");
                assertTrue(client.ended());
            }
        }
    }

    @Test
    void aClientThatStopsSendingItsBodyGets408() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("IDLE_TIMEOUT", "300ms");
                RawClient client = custom.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\nContent-Length: 10\n\nhalf"));
            assertError(client.response(), 408, "request_timeout");
        }
    }

    @Test
    void aRejectedTenantIsWarnedAboutOnce() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start()) {
            custom.origin.on("/rejected", "HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n");
            for (int i = 0; i < 3; i++) {
                Response response = custom.get("/rejected");
                assertEquals(401, response.status());
                assertTrue(response.header("X-Inference-Proxy-Error").isEmpty());
            }
            ProxyFixture.eventually(() -> custom.logged().split("\"path\":\"/rejected\"").length == 4);
            assertEquals(2, custom.logged().split("the shared API rejected the tenant's token").length);
        }
    }

    /** Sends until the connection fails. */
    private static void upload(RawClient client) {
        try {
            while (true) {
                client.send("x".repeat(1000));
            }
        } catch (IOException e) {
            // aborted
        }
    }

    private List<String> logged(String path) {
        return fixture.logged()
                .lines()
                .filter(line -> line.contains("\"path\":\"" + path + "\""))
                .toList();
    }

    private static String get(String path) {
        return crlf("GET " + path + " HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");
    }
}
