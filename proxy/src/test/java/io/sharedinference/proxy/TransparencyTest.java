package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.RawClient.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link CorpusTest} does not cover: where the proxy itself acts as a server or a client. */
@ExtendWith(SharedProxy.class)
class TransparencyTest {
    private final ProxyFixture fixture;

    TransparencyTest(ProxyFixture fixture) {
        this.fixture = fixture;
    }

    @Test
    void headResponsesHaveNoBodyAndKeepTheConnection() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf(
                    "HEAD /x HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n\n".replace("TOKEN", ProxyFixture.TOKEN)));
            assertTrue(client.responseWithoutBody().header("Content-Length").isPresent());
            client.send(crlf(get("/next").replace("TOKEN", ProxyFixture.TOKEN)));
            assertTrue(client.response().body().startsWith("GET /next"));
        }
    }

    @Test
    void oneEmptyLineBeforeARequestIsIgnored() throws IOException {
        assertEquals(200, fixture.exchange("\n" + get("/x")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://elsewhere/x?y", "HTTPS://[::1]:8443/x?y", "http://t/x?y"})
    void theAuthorityOfATargetInAbsoluteFormIsReplaced(String target) throws IOException {
        String received = fixture.exchange(get(target)).body();
        assertTrue(received.startsWith("GET /x?y HTTP/1.1\r\nHost: 127.0.0.1:" + fixture.origin.port()), received);
    }

    @Test
    void responsesDelimitedByCloseStayDelimitedByClose() throws IOException {
        fixture.origin.on("/until-close", call -> {
            call.send("HTTP/1.1 200 OK\r\n\r\nall of it");
            call.socket().close();
        });
        Response response = fixture.get("/until-close");
        assertEquals("all of it", response.body());
        assertEquals("close", response.header("Connection").orElse(""));
    }

    @Test
    void upgradesAreIgnored() throws IOException {
        Response response = fixture.exchange("GET /chat HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\n"
                + "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n\n");
        assertEquals(200, response.status());
        assertFalse(response.body().contains("Upgrade"), response.body());
    }

    @Test
    void theProxyItselfSends100Continue() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer TOKEN\nExpect: 100-continue\n"
                            .replace("TOKEN", ProxyFixture.TOKEN)
                    + "Content-Length: 5\n\n"));
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readUntil("\r\n\r\n"));
            Response response = client.send("hello").response();
            assertTrue(response.body().endsWith("\r\n\r\nhello"), response.body());
            assertFalse(response.body().contains("Expect"), response.body());
        }
    }

    @Test
    void aRejectedClientGetsNo100Continue() throws IOException {
        try (RawClient client = fixture.client()) {
            client.send(crlf("POST /x HTTP/1.1\nHost: t\nExpect: 100-continue\nContent-Length: 5\n\n"));
            Response response = client.response();
            assertEquals(401, response.status());
            assertEquals("close", response.header("Connection").orElse(""));
        }
    }

    @Test
    void versionNeedsNoTokenAndForwardsNone() throws IOException {
        for (String credentials : List.of("", "Authorization: Bearer TOKEN\n", "Authorization: Basic eDp5\n")) {
            Response response = fixture.exchange("GET /version HTTP/1.1\nHost: t\n" + credentials + "\n");
            assertEquals(200, response.status());
            assertFalse(response.body().toLowerCase().contains("authorization"), response.body());
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
        assertFalse(
                logged.contains(ProxyFixture.TOKEN)
                        || logged.contains(ProxyFixture.SERVICE_TOKEN)
                        || logged.contains("in-the-query"),
                logged);
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n\n";
    }
}
