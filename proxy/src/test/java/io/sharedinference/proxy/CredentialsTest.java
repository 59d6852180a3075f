package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials that a client sends in addition to its token. */
class CredentialsTest {
    private static final String LINES =
            "Cookie: session=secret\nX-API-Key: secret\ncookie: a=secret\nX-Api-Keys: kept\n";

    @Test
    void theyAreForwardedByDefault() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            String seen = ask(fixture, "/x?api_key=secret", LINES);
            assertTrue(seen.startsWith("GET /x?api_key=secret HTTP/1.1\r\n"), seen);
            assertTrue(seen.contains(RawClient.crlf(LINES)), seen);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/x                            | /x",
                "/x?                           | /x?",
                "/x?a=1&&b                     | /x?a=1&&b",
                "/x?a=api_key&api_keys=1       | /x?a=api_key&api_keys=1",
                "/x?api_key=secret             | /x",
                "/x?api_key                    | /x",
                "/x?a=%2f&api_key=secret&b=2   | /x?a=%2f&b=2",
                "/x?API_KEY=secret&a=1         | /x?a=1",
                "/x?a=1;api%5Fke%79=secret;b   | /x?a=1;b",
                "/x?api_key=secret&api_key=s&% | /x?%",
                "/x?a=1&token=secret           | /x?a=1",
                "/x?+api_key=secret            | /x",
                "/api_key=x?%zz=1              | /api_key=x?%zz=1",
            })
    void configuredCredentialsAreStripped(String target, String forwarded) throws Exception {
        try (ProxyFixture fixture =
                ProxyFixture.start("STRIP_HEADERS", "Cookie,x-api-key", "STRIP_QUERY_PARAMETERS", "api_key,token")) {
            String seen = ask(fixture, target, LINES);
            assertEquals(
                    "GET " + forwarded + " HTTP/1.1", seen.lines().findFirst().orElse(""));
            assertFalse(seen.contains("secret"), seen);
            assertTrue(seen.contains("\r\nX-Api-Keys: kept\r\n"), seen);
            assertTrue(seen.contains("\r\nAuthorization: Bearer " + ProxyFixture.SERVICE_TOKEN + "\r\n"), seen);
        }
    }

    private static String ask(ProxyFixture fixture, String target, String lines) throws Exception {
        return fixture.exchange("GET " + target + " HTTP/1.1\nHost: t\n" + lines + "Authorization: Bearer TOKEN\n\n")
                .body();
    }
}
