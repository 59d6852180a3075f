package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy's error responses: status, code, and that nothing was forwarded. */
@ExtendWith(SharedProxy.class)
class ErrorResponseTest {
    private final ProxyFixture fixture;

    ErrorResponseTest(ProxyFixture fixture) {
        this.fixture = fixture;
        fixture.iam.on("denied", new FakeIam.CheckUserResponse(403, "{}"));
        fixture.iam.on("broken-iam", new FakeIam.CheckUserResponse(500, "{}"));
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
        Response response = fixture.exchange("GET /refused-%d HTTP/1.1\nHost: t\n%s\n".formatted(status, line));
        assertError(response, status, code);
        assertEquals(status == 401, response.header("WWW-Authenticate").equals(java.util.Optional.of("Bearer")));
        assertEquals(status == 503, response.header("Retry-After").isPresent());
        assertFalse(String.join("", fixture.origin.received()).contains("/refused-"));
    }

    @Test
    void anErrorKeepsTheConnectionIfTheRequestWasComplete() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nContent-Length: 5\n\nhello"));
            assertEquals(401, client.response().status());
            client.send(crlf("GET /y HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n"));
            assertEquals(200, client.response().status());
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
            assertTrue(client.response().body().startsWith("GET /before-it "));
            assertError(client.response(), 401, "unauthenticated");
            assertTrue(client.response().body().startsWith("GET /behind-it "));
        }
    }

    @Test
    void anErrorReachesAClientThatIsStillSending() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nContent-Length: 3000000\n\n"));
            client.send(new byte[2_000_000]);
            assertEquals(401, client.response().status());
        }
    }

    @Test
    void aRejectedHeadRequestGetsNoBody() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("HEAD /x HTTP/1.1\nHost: t\n\n"));
            assertEquals(401, client.responseWithoutBody().status());
            client.send(crlf("GET /version HTTP/1.1\nHost: t\n\n"));
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void aMalformedHeadRequestGetsNoBodyEither() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("HEAD /x HTTP/1.1\nHost: t\nHost: t\n\n"));
            String response = client.readAll();
            assertTrue(response.startsWith("HTTP/1.1 400 ") && response.endsWith("\r\n\r\n"), response);
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
            Response response = client.response();
            assertError(response, 400, "bad_request");
            assertEquals("close", response.header("Connection").orElse(""));
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
    void malformedChunksAbortTheExchange(String body) throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /chunks HTTP/1.1\nHost: a\nAuthorization: Bearer " + ProxyFixture.TOKEN
                            + "\nTransfer-Encoding: chunked\n\n")
                    + body);
            assertError(client.response(), 400, "bad_request");
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
        assertError(fixture.exchange(request), status, code);
    }

    @Test
    void oversizedHeaderSectionsAreRejected() throws IOException {
        assertError(
                fixture.exchange("GET / HTTP/1.1\nHost: a\nX: " + "x".repeat(70_000) + "\n\n"), 431, "head_too_large");
    }

    @Test
    void slowHeaderSectionsAreRejected() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("HEAD_TIMEOUT", "200ms");
                RawClient client = custom.client()) {
            assertError(client.send("GET / HTTP/1.1\r\nHost:").response(), 408, "request_timeout");
            assertTrue(client.ended());
        }
    }

    @Test
    void anEmptyLineAfterABodyIsNotASlowHeaderSection() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start("HEAD_TIMEOUT", "50ms", "IDLE_TIMEOUT", "500ms");
                RawClient client = custom.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\nContent-Length: 1\n\nx\n"));
            client.response();
            assertEquals("", client.readAll(), "an idle connection got a response");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1\n\nx", "Transfer-Encoding: chunked\n\n1\nx\n0\n\n"})
    void aVersionRequestWithABodyNeedsAToken(String body) throws Exception {
        assertError(fixture.exchange("GET /version HTTP/1.1\nHost: t\n" + body), 401, "unauthenticated");
    }

    @Test
    void withoutAUsableSecretNothingIsForwarded() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start()) {
            custom.mount("v2", custom.origin.url(), "");
            ProxyFixture.eventually(() -> custom.get("/x").status() == 503);
            int before = custom.origin.received().size();
            assertError(custom.get("/x"), 503, "secret_unavailable");
            assertError(custom.exchange("GET /version HTTP/1.1\nHost: t\n\n"), 503, "secret_unavailable");
            assertEquals(before, custom.origin.received().size());
            assertEquals(503, ops(custom, "/readyz").status());
            assertEquals(200, ops(custom, "/healthz").status());
            custom.mount("v3", custom.origin.url(), "again");
            ProxyFixture.eventually(() -> custom.get("/x").status() == 200);
            assertEquals(200, ops(custom, "/readyz").status());
        }
    }

    @Test
    void anUnreachableIamRejectsRequests() throws Exception {
        try (ProxyFixture custom = ProxyFixture.start()) {
            custom.iam.close();
            assertError(custom.get("/x"), 503, "iam_unreachable");
            assertEquals(200, ops(custom, "/readyz").status(), "readiness depends on the IAM");
            assertEquals(0, custom.origin.received().size());
        }
    }

    @Test
    void anUnreachableSharedApiIsReported() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        try (ProxyFixture custom = ProxyFixture.start()) {
            custom.mount("v2", "http://127.0.0.1:" + unused, "t");
            ProxyFixture.eventually(() -> custom.get("/x").status() == 502);
            assertError(custom.get("/x"), 502, "shared_api_unreachable");
            custom.mount("v3", "http://no-such-host.invalid", "t");
            ProxyFixture.eventually(() -> custom.logged().contains("\"url\":\"http://no-such-host.invalid\""));
            assertError(custom.get("/x"), 502, "shared_api_unreachable");
        }
    }

    static void assertError(Response response, int status, String code) throws IOException {
        assertEquals(status, response.status(), response.toString());
        assertEquals(code, response.header("X-Inference-Proxy-Error").orElse("none"));
        assertEquals("application/json", response.header("Content-Type").orElse(""));
        JsonNode body = new JsonMapper().readTree(response.body());
        assertEquals(code, body.path("error").asText());
        assertFalse(body.path("error_description").asText().isBlank());
        assertFalse(body.path("request_id").asText().isBlank());
    }

    private static Response ops(ProxyFixture fixture, String path) throws IOException {
        return RawClient.exchange(fixture.proxy.opsPort(), "GET " + path + " HTTP/1.1\nHost: ops\n\n");
    }
}
