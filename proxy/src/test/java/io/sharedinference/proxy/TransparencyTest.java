package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Reply;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client sends and gets is what it would send to and get from the shared API itself. */
@ExtendWith(SharedProxy.class)
class TransparencyTest {
    private final ProxyFixture fixture;

    TransparencyTest(ProxyFixture fixture) {
        this.fixture = fixture;
        fixture.origin
                .on("/chunked", """
                        HTTP/1.1 200 OK
                        Content-Encoding: br
                        Transfer-Encoding: chunked
                        Trailer: X-Sum

                        5;ext=1
                        hello
                        0
                        X-Sum: abc

                        """)
                .on("/odd", """
                        HTTP/1.1 418 I'm a  teapot
                        sEt-CooKie: a
                        Set-Cookie: b
                        X-Empty:
                        Date: never
                        Content-Length: 2

                        {}""")
                .on("/no-content", "HTTP/1.1 204 No Content\nX: y\n\n")
                .on("/not-modified", "HTTP/1.1 304 Not Modified\nETag: \"x\"\nContent-Length: 7\n\n")
                .on("/error", "HTTP/1.1 500 Oops\nContent-Length: 4\n\noops")
                .on("/rejected", "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer\nContent-Length: 0\n\n")
                .on("/no-reason", "HTTP/1.1 200\nContent-Length: 0\n\n")
                .on("/hinted", """
                        HTTP/1.1 103 Early Hints
                        Link: </style.css>

                        HTTP/1.1 200 OK
                        Content-Length: 2

                        ok""");
    }

    static Stream<String> exchanges() {
        return Stream.of(
                get("/anything?x=%2f&y=//z#f"),
                get("//double//slash/../dots/./x"),
                get("/chunked"), get("/odd"), get("/no-content"), get("/not-modified"), get("/error"),
                get("/rejected"), get("/no-reason"), get("/hinted"),
                "DELETE /x HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n\n",
                "BREW /pot HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n\n",
                "OPTIONS * HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n\n",
                "POST /x HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\nContent-Length: 5\n\nhello",
                "POST /x HTTP/1.1\nHost: HOST\nauthorization: Bearer TOKEN\nX: y\nTransfer-Encoding: chunked\n\n"
                        + "5;a=b\nhello\n3\nabc\n0\nX-Sum: abc\n\n",
                "GET /x HTTP/1.1\nAccept: */*\nX-Empty:\nX-Two: 1\nHost: HOST\nX-Two: 2\nAccept-Encoding: br, gzip\n"
                        + "traceparent: 00-x-y-01\nForwarded: for=spoofed\nX-Forwarded-For: 1.2.3.4\n"
                        + "Authorization: Bearer TOKEN\nCookie: a=b\nX-Latin: \u00e9\u00fc\n\n",
                "GET /x HTTP/1.0\nHost: HOST\nAuthorization: Bearer TOKEN\n\n");
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void sameBytesStraightAndThroughTheProxyGetTheSameAnswer(String request) throws IOException {
        String straight = request.replace("HOST", "127.0.0.1:" + fixture.origin.port())
                .replace("TOKEN", ProxyFixture.SERVICE_TOKEN);
        assertEquals(RawClient.exchange(fixture.origin.port(), straight), normalized(fixture.exchange(request)));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void fragmentsGetTheSameAnswerAsOnePiece(String request) throws IOException {
        try (RawClient client = fixture.client()) {
            for (char c : crlf(request.replace("TOKEN", ProxyFixture.TOKEN)).toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertEquals(fixture.exchange(request), client.reply());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        List<String> requests = IntStream.range(0, 50)
                .mapToObj(i -> i % 2 == 0
                        ? "GET /%d HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n\n".formatted(i)
                        : "POST /%d HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\nContent-Length: 3\n\nabc"
                                .formatted(i))
                .toList();
        try (RawClient client = fixture.client()) {
            client.send(crlf(String.join("", requests).replace("TOKEN", ProxyFixture.TOKEN)));
            for (int i = 0; i < requests.size(); i++) {
                assertTrue(client.reply().body().contains(" /" + i + " HTTP/1.1"), "answer " + i);
            }
        }
    }

    @Test
    void headAnswersHaveNoBodyAndTheConnectionGoesOn() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("HEAD /x HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n\n"
                    .replace("TOKEN", ProxyFixture.TOKEN)));
            assertTrue(client.replyWithoutBody().header("Content-Length").isPresent());
            client.send(crlf(get("/next").replace("TOKEN", ProxyFixture.TOKEN)));
            assertTrue(client.reply().body().startsWith("GET /next"));
        }
    }

    @Test
    void oneEmptyLineBeforeARequestIsForgiven() throws IOException {
        assertEquals(200, fixture.exchange("\n" + get("/x")).status());
    }

    @Test
    void anAnswerThatEndsWithItsConnectionDoesSoHere() throws IOException {
        fixture.origin.on("/until-close", call -> {
            call.send("HTTP/1.1 200 OK\r\n\r\nall of it");
            call.socket().close();
        });
        Reply reply = fixture.get("/until-close");
        assertEquals("all of it", reply.body());
        assertEquals("close", reply.header("Connection").orElse(""));
    }

    @Test
    void anUpgradeIsNotOfferedSoTheRequestIsAnsweredAsIfItHadNotAsked() throws IOException {
        Reply reply = fixture.exchange("GET /chat HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n"
                + "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n\n");
        assertEquals(200, reply.status());
        assertFalse(reply.body().contains("Upgrade"), reply.body());
    }

    @Test
    void aClientThatWaitsFor100ContinueGetsItAndTheSharedApiIsNotAsked() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\nExpect: 100-continue\n"
                    .replace("TOKEN", ProxyFixture.TOKEN) + "Content-Length: 5\n\n"));
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readUntil("\r\n\r\n"));
            Reply reply = client.send("hello").reply();
            assertTrue(reply.body().endsWith("\r\n\r\nhello"), reply.body());
            assertFalse(reply.body().contains("Expect"), reply.body());
        }
    }

    @Test
    void aClientThatIsTurnedAwayIsNotToldToContinue() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nExpect: 100-continue\nContent-Length: 5\n\n"));
            Reply reply = client.reply();
            assertEquals(401, reply.status());
            assertEquals("close", reply.header("Connection").orElse(""));
        }
    }

    @Test
    void versionNeedsNoTokenAndGivesNoneAway() throws IOException {
        for (String credentials : List.of("", "Authorization: Bearer TOKEN\n", "Authorization: Basic eDp5\n")) {
            Reply reply = fixture.exchange("GET /version HTTP/1.1\nHost: t\n" + credentials + "\n");
            assertEquals(200, reply.status());
            assertFalse(reply.body().toLowerCase().contains("authorization"), reply.body());
        }
    }

    @Test
    void theClientsTokenNeverReachesTheSharedApi() throws IOException {
        fixture.get("/x");
        fixture.exchange("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n"
                + "Proxy-Authorization: Bearer TOKEN\nConnection: Authorization\nContent-Length: 0\n\n");
        String received = String.join("", fixture.origin.received());
        assertTrue(received.contains("Authorization: Bearer " + ProxyFixture.SERVICE_TOKEN));
        assertFalse(received.contains(ProxyFixture.TOKEN));
    }

    @Test
    void neitherTokenIsLogged() throws IOException {
        fixture.get("/x?token=in-the-query");
        fixture.exchange("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\nbroken\n\n");
        String logged = fixture.logged();
        assertFalse(logged.contains(ProxyFixture.TOKEN) || logged.contains(ProxyFixture.SERVICE_TOKEN)
                || logged.contains("in-the-query"), logged);
    }

    /** Connection is between client and proxy: the origin here says nothing about its own. */
    private static Reply normalized(Reply reply) {
        return new Reply(reply.head().replace("Connection: close\r\n", ""), reply.body());
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n\n";
    }
}
