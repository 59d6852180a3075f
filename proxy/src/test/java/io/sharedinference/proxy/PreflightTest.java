package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CORS preflight requests, which browsers send without a token. */
class PreflightTest {
    private static final String ASKS = "Origin: https://app.example.com\nAccess-Control-Request-Method: POST\n";
    private static final String PREFLIGHT = "OPTIONS /v1/chat/completions HTTP/1.1\nHost: t\n" + ASKS
            + "Access-Control-Request-Headers: authorization\n\n";
    private static final String ALLOWED =
            "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: https://app.example.com\n\n";

    @Test
    void preflightsAreForwardedWithoutAToken() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            fixture.origin.on("/v1/chat/completions", ALLOWED);
            RawClient.Response response = fixture.exchange(PREFLIGHT);
            assertEquals(204, response.status());
            assertEquals(
                    "https://app.example.com",
                    response.header("Access-Control-Allow-Origin").orElse(""));
            String received = fixture.origin.received().getFirst();
            assertTrue(received.contains("\r\nAccess-Control-Request-Headers: authorization\r\n"), received);
            assertFalse(received.contains(ProxyFixture.SERVICE_TOKEN), received);
            assertEquals(0, fixture.iam.calls());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS /x HTTP/1.1\nHost: t\n\n",
                "OPTIONS /x HTTP/1.1\nHost: t\nOrigin: https://a\n\n",
                "OPTIONS /x HTTP/1.1\nHost: t\nAccess-Control-Request-Method: POST\n\n",
                "OPTIONS /x HTTP/1.1\nHost: t\n" + ASKS + "Origin: https://b\n\n",
                "OPTIONS /x HTTP/1.1\nHost: t\n" + ASKS + "Content-Length: 1\n\nx",
                "OPTIONS /x HTTP/1.1\nHost: t\n" + ASKS + "Transfer-Encoding: chunked\n\n0\n\n",
                "OPTIONS /x HTTP/1.1\nHost: t\n" + ASKS + "Authorization: Bearer made-up\n\n",
                "OPTIONS /x HTTP/1.1\nHost: t\n" + ASKS + "Authorization: Basic YTpi\n\n",
                "options /x HTTP/1.1\nHost: t\n" + ASKS + "\n",
                "GET /x HTTP/1.1\nHost: t\n" + ASKS + "\n",
                "POST /x HTTP/1.1\nHost: t\n" + ASKS + "Content-Length: 0\n\n",
            })
    void everythingElseNeedsAToken(String request) throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            ErrorResponseTest.assertError(fixture.exchange(request), 401, "unauthenticated");
            assertEquals(0, fixture.origin.received().size());
        }
    }

    @Test
    void preflightsCanRequireAToken() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("CORS_PREFLIGHTS", "authenticate")) {
            ErrorResponseTest.assertError(fixture.exchange(PREFLIGHT), 401, "unauthenticated");
            assertEquals(0, fixture.origin.received().size());
        }
    }
}
