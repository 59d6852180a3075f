package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sharedinference.proxy.RawClient.Reply;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy's error responses: status, code, and that nothing was forwarded. */
@ExtendWith(SharedProxy.class)
class RefusalTest {
    private final ProxyFixture fixture;

    RefusalTest(ProxyFixture fixture) {
        this.fixture = fixture;
        fixture.iam.says("denied", new FakeIam.Saying(403, "{}"));
        fixture.iam.says("broken-iam", new FakeIam.Saying(500, "{}"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',                               401, unauthenticated",
        "'Authorization: Bearer unknown',  401, unauthenticated",
        "'Authorization: Basic eDp5',      401, unauthenticated",
        "'Authorization: Bearer denied',   403, permission_denied",
        "'Authorization: Bearer broken-iam', 503, iam_unreachable",
    })
    void rejectedUsersGetTheReason(String credentials, int status, String code) throws IOException {
        String line = credentials.isEmpty() ? "" : credentials + "\n";
        Reply reply = fixture.exchange("GET /refused-%d HTTP/1.1\nHost: t\n%s\n".formatted(status, line));
        assertRefused(reply, status, code);
        assertEquals(status == 401, reply.header("WWW-Authenticate").equals(java.util.Optional.of("Bearer")));
        assertEquals(status == 503, reply.header("Retry-After").isPresent());
        assertFalse(String.join("", fixture.origin.received()).contains("/refused-"));
    }

    @Test
    void anErrorKeepsTheConnectionIfTheRequestWasComplete() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nContent-Length: 5\n\nhello"));
            assertEquals(401, client.reply().status());
            client.send(crlf("GET /y HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
            assertEquals(200, client.reply().status());
        }
    }

    @Test
    void anErrorInAPipelineConsumesItsOwnBodyOnly() throws IOException {
        String token = "Authorization: Bearer " + ProxyFixture.TOKEN + "\n\n";
        String body = crlf("GET /inner HTTP/1.1\nHost: t\n" + token);
        try (RawClient client = fixture.client()) {
            client.send(crlf("GET /before-it HTTP/1.1\nHost: t\n" + token)
                    + crlf("POST /refused HTTP/1.1\nHost: t\nContent-Length: " + body.length() + "\n\n")
                    + body
                    + crlf("GET /behind-it HTTP/1.1\nHost: t\n" + token));
            assertTrue(client.reply().body().startsWith("GET /before-it "));
            assertRefused(client.reply(), 401, "unauthenticated");
            assertTrue(client.reply().body().startsWith("GET /behind-it "));
        }
    }

    @Test
    void anErrorReachesAClientThatIsStillSending() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nContent-Length: 3000000\n\n"));
            client.send(new byte[2_000_000]);
            assertEquals(401, client.reply().status());
        }
    }

    @Test
    void aRejectedHeadRequestGetsNoBody() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("HEAD /x HTTP/1.1\nHost: t\n\n"));
            assertEquals(401, client.replyWithoutBody().status());
            client.send(crlf("GET /version HTTP/1.1\nHost: t\n\n"));
            assertEquals(200, client.reply().status());
        }
    }

    @Test
    void aMalformedHeadRequestGetsNoBodyEither() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("HEAD /x HTTP/1.1\nHost: t\nHost: t\n\n"));
            String answer = client.readAll();
            assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.endsWith("\r\n\r\n"), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /bad HTTP/1.1\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /bad HTTP/1.1\nHost: a\n\n",
                "GET /bad HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost\t: a\r\n\r\n",
                "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 4\r\n\r\nabcd",
                "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 4,4\r\n\r\nabcd",
                "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551620\r\n\r\nabcd",
                "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "POST /bad HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Transfer-Encoding: chunked\r\n"
                        + "Transfer-Encoding: identity\r\n\r\n"
                        + "0\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
                "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "GET /bad HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
                "GET http://user@elsewhere/bad HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http:///bad HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://elsewhere?/bad HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://elsewhere/bad HTTP/1.1\r\n\r\n",
                "GET ftp://elsewhere/bad HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET elsewhere:80/bad HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\n\r\nGET /bad HTTP/1.1\r\nHost: a\r\n\r\n",
            })
    void malformedRequestsAreRejectedAndTheConnectionIsClosed(String request) throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            Reply reply = client.reply();
            assertRefused(reply, 400, "bad_request");
            assertEquals("close", reply.header("Connection").orElse(""));
            assertTrue(client.ended());
        }
        String received = String.join("", fixture.origin.received());
        assertFalse(received.contains("/bad") || received.contains("/smuggled"), received);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "5\r\nhelloX",
                "5\nhello\r\n0\r\n\r\n",
                "0\r\nAuthorization: Bearer x\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                " 5\r\nhello\r\n0\r\n\r\n",
                "2;\nxx\r\nab\r\n0\r\n\r\n",
                "10000000000000000\r\nx"
            })
    void brokenChunksEndTheExchangeBeforeTheSharedApiCanMisreadThem(String body) throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /chunks HTTP/1.1\nHost: a\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nTransfer-Encoding: chunked\n\n")
                    + body);
            assertRefused(client.reply(), 400, "bad_request");
            assertTrue(client.ended());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'TRACE / HTTP/1.1\nHost: a\n\n',                                   501, not_implemented",
        "'CONNECT a:1 HTTP/1.1\nHost: a\n\n',                               501, not_implemented",
        "'GET / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n',   501, not_implemented",
        "'GET / HTTP/1.1\nHost: a\nExpect: more\n\n',                       417, expectation_failed",
        "'PRI * HTTP/2.0\n\nSM\n\n',                                        505, version_not_supported",
    })
    void unsupportedFeaturesAreReported(String request, int status, String code) throws IOException {
        assertRefused(fixture.exchange(request), status, code);
    }

    @Test
    void oversizedHeaderSectionsAreRejected() throws IOException {
        assertRefused(
                fixture.exchange("GET / HTTP/1.1\nHost: a\nX: " + "x".repeat(70_000) + "\n\n"), 431, "head_too_large");
    }

    @Test
    void slowHeaderSectionsAreRejected() throws Exception {
        try (ProxyFixture impatient = ProxyFixture.start("HEAD_TIMEOUT", "200ms");
                RawClient client = impatient.client()) {
            assertRefused(client.send("GET / HTTP/1.1\r\nHost:").reply(), 408, "request_timeout");
            assertTrue(client.ended());
        }
    }

    @Test
    void anEmptyLineAfterABodyIsNotASlowHeaderSection() throws Exception {
        try (ProxyFixture impatient = ProxyFixture.start("HEAD_TIMEOUT", "50ms", "IDLE_TIMEOUT", "500ms");
                RawClient client = impatient.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\nContent-Length: 1\n\nx\n"));
            client.reply();
            assertEquals("", client.readAll(), "an idle connection ends without a word");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1\n\nx", "Transfer-Encoding: chunked\n\n1\nx\n0\n\n"})
    void aVersionRequestWithABodyNeedsAToken(String body) throws Exception {
        assertRefused(fixture.exchange("GET /version HTTP/1.1\nHost: t\n" + body), 401, "unauthenticated");
    }

    @Test
    void withoutAUsableSecretNothingIsForwarded() throws Exception {
        try (ProxyFixture own = ProxyFixture.start()) {
            own.mount("v2", own.origin.url(), "");
            ProxyFixture.eventually(() -> own.get("/x").status() == 503);
            int before = own.origin.received().size();
            assertRefused(own.get("/x"), 503, "secret_unavailable");
            assertRefused(own.exchange("GET /version HTTP/1.1\nHost: t\n\n"), 503, "secret_unavailable");
            assertEquals(before, own.origin.received().size());
            assertEquals(503, ops(own, "/readyz").status());
            assertEquals(200, ops(own, "/healthz").status());
            own.mount("v3", own.origin.url(), "again");
            ProxyFixture.eventually(() -> own.get("/x").status() == 200);
            assertEquals(200, ops(own, "/readyz").status());
        }
    }

    @Test
    void anUnreachableIamRejectsRequests() throws Exception {
        try (ProxyFixture own = ProxyFixture.start()) {
            own.iam.close();
            assertRefused(own.get("/x"), 503, "iam_unreachable");
            assertEquals(200, ops(own, "/readyz").status(), "readiness does not hang on the IAM");
            assertEquals(0, own.origin.received().size());
        }
    }

    @Test
    void anUnreachableSharedApiIsReported() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        try (ProxyFixture own = ProxyFixture.start()) {
            own.mount("v2", "http://127.0.0.1:" + nobody, "t");
            ProxyFixture.eventually(() -> own.get("/x").status() == 502);
            assertRefused(own.get("/x"), 502, "shared_api_unreachable");
            own.mount("v3", "http://no-such-host.invalid", "t");
            ProxyFixture.eventually(() -> own.logged().contains("\"url\":\"http://no-such-host.invalid\""));
            assertRefused(own.get("/x"), 502, "shared_api_unreachable");
        }
    }

    static void assertRefused(Reply reply, int status, String code) throws IOException {
        assertEquals(status, reply.status(), reply.toString());
        assertEquals(code, reply.header("X-Inference-Proxy-Error").orElse("none"));
        assertEquals("application/json", reply.header("Content-Type").orElse(""));
        JsonNode body = new JsonMapper().readTree(reply.body());
        assertEquals(code, body.path("error").asText());
        assertFalse(body.path("error_description").asText().isBlank());
        assertFalse(body.path("request_id").asText().isBlank());
    }

    private static Reply ops(ProxyFixture fixture, String path) throws IOException {
        return RawClient.exchange(fixture.proxy.opsPort(), "GET " + path + " HTTP/1.1\nHost: ops\n\n");
    }
}
