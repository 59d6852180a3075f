package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static io.sharedinference.proxy.RefusalTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Reply;
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
    void malformedResponsesAreNotForwarded(String answer) throws IOException {
        fixture.origin.on("/malformed", call -> call.send(answer));
        Reply reply = answer.contains("nonsense") ? new Reply("", "") : fixture.get("/malformed");
        if (reply.head().isEmpty()) {
            // the header section was valid and is sent already, so the response can only be aborted
            assertThrows(SocketException.class, () -> fixture.get("/malformed"));
        } else {
            assertRefused(reply, 502, "shared_api_protocol_error");
        }
    }

    @Test
    void aConnectionClosedWithoutAResponseIsNotRetried() throws IOException {
        fixture.origin.on("/mute", call -> call.socket().close());
        assertRefused(fixture.get("/mute"), 502, "shared_api_unreachable");
        long asked = fixture.origin.received().stream()
                .filter(text -> text.contains(" /mute "))
                .count();
        assertEquals(1, asked);
    }

    @Test
    void anIncompleteHeaderSectionIsAProtocolError() throws IOException {
        fixture.origin.on("/half-head", call -> {
            call.send("HTTP/1.1 200 O");
            call.socket().close();
        });
        assertRefused(fixture.get("/half-head"), 502, "shared_api_protocol_error");
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
        // not what the client saw: its own writes may hear of the proxy's reset first
        assertEquals(
                List.of(),
                logged("/reset-upload").stream()
                        .filter(line -> line.contains("\"answered\""))
                        .toList());
    }

    @Test
    void everyResetIsDetected() throws Exception {
        try (ProxyFixture own = ProxyFixture.start("FIRST_BYTE_TIMEOUT", "5s")) {
            own.origin.byDefault(call -> {
                call.send("HTTP/1.1 200 ");
                call.send("OK\r\nX: ");
                call.socket().setSoLinger(true, 0);
                call.socket().close();
            });
            for (int i = 0; i < 60; i++) {
                assertRefused(own.get("/x"), 502, "shared_api_protocol_error");
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
            Reply reply = client.reply();
            assertEquals(413, reply.status());
            assertEquals("too much", reply.body());
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
    void whatComesBeforeTheFirstByteOfTheBodyDoesNotShortenTheWaitForIt(String before) throws Exception {
        String rest = before.contains("chunked")
                ? "5\r\nlater\r\n0\r\n\r\n"
                : before.contains("200") ? "later" : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlater";
        try (ProxyFixture patient = ProxyFixture.start("IDLE_TIMEOUT", "300ms");
                RawClient client = patient.client()) {
            patient.origin.on("/think", call -> {
                call.send(before);
                Thread.sleep(1_000);
                call.send(rest);
            });
            client.send(get("/think"));
            Reply reply = client.reply();
            while (reply.status() < 200) {
                reply = client.reply();
            }
            assertEquals(200, reply.status());
            assertTrue(reply.body().contains("later"), reply.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
            })
    void theWaitForTheFirstByteEndsInTime(String before) throws Exception {
        try (ProxyFixture hasty = ProxyFixture.start("FIRST_BYTE_TIMEOUT", "300ms");
                RawClient client = hasty.client()) {
            hasty.origin.on("/think", call -> {
                call.send(before);
                call.awaitClosed();
            });
            client.send(get("/think").replace("Host:", "Connection: close\r\nHost:"))
                    .readAll();
            assertEquals(
                    "shared_api_timeout", hasty.loggedRequest().path("outcome").asText());
        }
    }

    @Test
    void aResponseBeforeTheEndOfItsRequestAnnouncesTheClose() throws Exception {
        fixture.origin.on("/early", call -> call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /early HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nContent-Length: 2\n\n")
                    + "x");
            Reply reply = client.reply();
            assertEquals("ok", reply.body());
            assertEquals(Optional.of("close"), reply.header("Connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void bytesAfterAResponseAreDiscarded() throws Exception {
        try (ProxyFixture own = ProxyFixture.start();
                RawClient client = own.client()) {
            own.origin.on(
                    "/surplus",
                    call -> call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                            + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
            client.send(get("/surplus"));
            assertEquals("ok", client.reply().body());
            client.send(get("/after"));
            assertTrue(client.reply().body().startsWith("GET /after"));
            assertEquals(2, own.origin.received().size(), "such a connection is not used again");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS"})
    void anUndefinedBodyIsNotParsedAsTheNextRequest(String method) throws Exception {
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n";
        try (ProxyFixture own = ProxyFixture.start();
                RawClient client = own.client()) {
            // one that knows no bodies with this method, and so finds another request
            own.origin.on("/bodiless", "HTTP/1.1 200 OK\nContent-Length: 0\n\n").on("/smuggled", call -> {
                if (call.in().read() >= 0) { // somebody else's request on the same connection
                    call.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                }
            });
            client.send(crlf(method + " /bodiless HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nContent-Length: " + smuggled.length() + "\n\n")
                    + smuggled);
            assertEquals(200, client.reply().status());
            for (int i = 0; i < 10; i++) { // on both loops
                assertTrue(own.get("/next").body().startsWith("GET /next"));
            }
        }
    }

    @Test
    void stalePooledConnectionsAreRetried() throws Exception {
        Semaphore closed = new Semaphore(0);
        try (ProxyFixture own = ProxyFixture.start()) {
            own.origin.on("/once", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                call.socket().close();
                closed.release();
            });
            for (int i = 0; i < 200; i++) {
                assertEquals(200, own.get("/once").status(), "request " + i);
                // later than that, no proxy can know
                closed.acquire();
            }
        }
    }

    @Test
    void connectionsAreReused() throws Exception {
        try (ProxyFixture own = ProxyFixture.start();
                RawClient client = own.client()) {
            for (int i = 0; i < 20; i++) {
                client.send(get("/x"));
                client.reply();
            }
            assertEquals(1, own.origin.received().size());
        }
    }

    @Test
    void oldConnectionsAreNotReused() throws Exception {
        try (ProxyFixture own = ProxyFixture.start("CONNECTION_MAX_AGE", "0ms");
                RawClient client = own.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.send(get("/x")).reply().status());
            }
            assertEquals(3, own.origin.received().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1", "http://nowhere.invalid", "https://127.0.0.1:1"})
    void errorsDoNotRevealTheAddressOfTheSharedApi(String url) throws Exception {
        try (ProxyFixture own = ProxyFixture.start()) {
            own.mount("v2", url, "t");
            ProxyFixture.eventually(() -> own.get("/x").status() == 502);
            String body = own.get("/x").body();
            assertTrue(body.contains("\"the shared API is unreachable\""), body);
            assertTrue(own.logged().contains(url.substring(url.lastIndexOf('/') + 1)), own.logged());
        }
    }

    @Test
    void dotSegmentsCannotLeaveTheBasePath() throws Exception {
        try (ProxyFixture own = ProxyFixture.start()) {
            assertEquals(200, own.get("/a/../b").status(), "without a base path there is nothing to leave");
            own.mount("v2", own.origin.url() + "/base/", "t");
            ProxyFixture.eventually(() -> own.get("/x").body().startsWith("GET /base/x "));
            assertRefused(own.get("/../../admin"), 400, "bad_request");
            assertRefused(own.get("/a/%2e%2e/%2E./admin"), 400, "bad_request");
            assertTrue(own.origin.received().stream().noneMatch(text -> text.contains("admin")));
        }
    }

    @Test
    void aMissingFirstByteIsATimeout() throws Exception {
        try (ProxyFixture own = ProxyFixture.start("FIRST_BYTE_TIMEOUT", "200ms")) {
            own.origin.on("/silent", FakeOrigin.Call::awaitClosed);
            assertRefused(own.get("/silent"), 504, "shared_api_timeout");
        }
    }

    @Test
    void aResponseThatStallsIsAborted() throws Exception {
        try (ProxyFixture own = ProxyFixture.start("IDLE_TIMEOUT", "300ms")) {
            own.origin.on("/stuck", call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
                call.awaitClosed();
            });
            try (RawClient client = own.client()) {
                client.send(get("/stuck"));
                client.readUntil("part");
                assertTrue(client.ended());
            }
        }
    }

    @Test
    void aClientThatStopsSendingItsBodyGets408() throws Exception {
        try (ProxyFixture own = ProxyFixture.start("IDLE_TIMEOUT", "300ms");
                RawClient client = own.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\nContent-Length: 10\n\nhalf"));
            assertRefused(client.reply(), 408, "request_timeout");
        }
    }

    @Test
    void aRejectedTenantIsWarnedAboutOnce() throws Exception {
        try (ProxyFixture own = ProxyFixture.start()) {
            own.origin.on("/rejected", "HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n");
            for (int i = 0; i < 3; i++) {
                Reply reply = own.get("/rejected");
                assertEquals(401, reply.status());
                assertTrue(reply.header("X-Inference-Proxy-Error").isEmpty());
            }
            ProxyFixture.eventually(() -> own.logged().split("\"path\":\"/rejected\"").length == 4);
            assertEquals(2, own.logged().split("the shared API rejected the tenant's token").length);
        }
    }

    /** Sends until the connection fails. */
    private static void upload(RawClient client) {
        try {
            while (true) {
                client.send("x".repeat(1000));
            }
        } catch (IOException e) {
            // broken off
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
