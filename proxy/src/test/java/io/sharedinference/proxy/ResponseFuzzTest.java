package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.HostileRequests.Edit;
import io.sharedinference.proxy.Wire.FramingException;
import io.sharedinference.proxy.Wire.Message;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** For any response of the origin, the client gets the same framing, an error response of the proxy, or an aborted response. */
class ResponseFuzzTest {
    private static ProxyFixture fixture;
    private static volatile OriginResponse originResponse;

    /** What the origin sends, in two pieces, and whether it then resets the connection. */
    record OriginResponse(String response, int cut, boolean resets) {}

    @BeforeContainer
    static void start() throws Exception {
        // late bytes of a response would be parsed as the next one, so each connection has one exchange
        fixture = ProxyFixture.start("IDLE_TIMEOUT", "2s", "FIRST_BYTE_TIMEOUT", "2s", "CONNECTION_MAX_AGE", "0s");
        fixture.origin.byDefault(call -> {
            OriginResponse current = originResponse;
            int cut = Math.min(current.cut, current.response.length());
            call.send(current.response.substring(0, cut));
            call.send(current.response.substring(cut));
            if (current.resets) {
                call.socket().setSoLinger(true, 0);
            }
            call.socket().close();
        });
    }

    @AfterContainer
    static void stop() throws IOException {
        fixture.close();
    }

    @Provide
    Arbitrary<OriginResponse> origins() {
        Arbitrary<String> responses = Combinators.combine(
                        interim(), statusLine(), lines(), bodies(), HostileRequests.edits())
                .as(ResponseFuzzTest::response);
        return Combinators.combine(
                        responses,
                        Arbitraries.integers().between(1, 300),
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)))
                .as(OriginResponse::new);
    }

    private static String response(String interim, String status, String lines, String body, List<Edit> edits) {
        String framed = lines.replace("BODY", String.valueOf(body.length()));
        return HostileRequests.edited(interim + status + framed + "\r\n" + body, edits);
    }

    private static Arbitrary<String> interim() {
        return usually(
                "",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 103 E\r\nContent-Length: 2\r\n\r\n",
                "\r\n");
    }

    private static Arbitrary<String> statusLine() {
        return usually(
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.0 200 OK\r\n",
                "HTTP/1.1 204 No\r\n",
                "HTTP/1.1 304 No\r\n",
                "HTTP/1.1 200\r\n",
                "HTTP/1.1  200 OK\r\n",
                "HTTP/1.1 2000 OK\r\n",
                "HTTP/1.1 099 OK\r\n",
                "HTTP/2.0 200 OK\r\n",
                "HTTP/1.1 200 OK\n",
                "http/1.1 200 OK\r\n",
                "ICY 200 OK\r\n",
                "HTTP/1.1 20x OK\r\n",
                "HTTP/1.1 200 \0\r\n",
                "");
    }

    private static Arbitrary<String> lines() {
        String length = "Content-Length: BODY\r\n";
        String chunked = "Transfer-Encoding: chunked\r\n";
        return HostileRequests.mixed(
                3,
                List.of("", length, chunked),
                length + length,
                length + "Content-Length: 0\r\n",
                length + chunked,
                chunked + length,
                chunked + chunked,
                "Content-Length: BODY, BODY\r\n",
                "Content-Length: +BODY\r\n",
                "Content-Length: 5000\r\n",
                "Content-Length: 1\r\n",
                "Content-Length : BODY\r\n",
                "Content-Length:\r\n",
                "Content-Length:\r\n BODY\r\n",
                "Content-Length: 18446744073709551617\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: identity\r\n",
                "Transfer-Encoding:\tchunked \r\n",
                "Transfer-Encoding : chunked\r\n",
                "X: a\r\n folded\r\n" + length,
                "X: a\nContent-Length: 0\r\n" + length,
                "X: \0\r\n" + length,
                ": x\r\n" + length,
                "Connection: close\r\n" + length,
                "Connection: Content-Length\r\n" + length,
                "Connection: X-Hop\r\nX-Hop: y\r\n" + length);
    }

    private static Arbitrary<String> bodies() {
        return Arbitraries.of(
                "",
                "hello",
                "3\r\nabc\r\n0\r\n\r\n",
                "3;a=b\r\nabc\r\n00\r\nX-Sum: a\r\n\r\n",
                "0\r\n\r\n",
                "3\r\nabc\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                "3\r\nabcX\r\n0\r\n\r\n",
                "4\r\nabc\r\n0\r\n\r\n",
                "3\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\r\n",
                "3\r\nabc\r\n",
                "3 \r\nabc\r\n0\r\n\r\n",
                "+3\r\nabc\r\n0\r\n\r\n",
                "0x3\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\r\nContent-Length: 0\r\n\r\n",
                "3\r\nabc\r\n0\r\nX : y\r\n\r\n",
                "FFFFFFFFFFFFFFFF3\r\nabc\r\n0\r\n\r\n",
                "\r\n0\r\n\r\n");
    }

    private static Arbitrary<String> usually(String usual, String... unusual) {
        return HostileRequests.mixed(4, List.of(usual), unusual);
    }

    @Property
    void responsesAreForwardedWithTheirFraming(@ForAll("origins") OriginResponse origin) throws Exception {
        Optional<List<Message>> forwarded = forwarded(origin, "HTTP/1.1");
        if (forwarded.isPresent()) {
            List<Message> framed = forwardable(Wire.firstResponse(origin.response, "GET"));
            assertEquals(framed, forwardable(forwarded.get()));
            assertNoCleanCloseAfterReset(origin, forwarded.get().getLast());
        }
    }

    @Property
    void anHttp10ClientGetsTheSameWithoutChunks(@ForAll("origins") OriginResponse origin) throws Exception {
        Optional<List<Message>> forwarded = forwarded(origin, "HTTP/1.0");
        if (forwarded.isPresent()) {
            Message framed = Wire.firstResponse(origin.response, "GET").getLast();
            assertEquals(List.of(unchunked(framed).withoutHopByHop()), forwardable(forwarded.get()));
            assertNoCleanCloseAfterReset(origin, framed);
        }
    }

    /** The forwarded response; empty if it was aborted, or if the proxy sent an error. */
    private static Optional<List<Message>> forwarded(OriginResponse origin, String version) throws IOException {
        originResponse = origin;
        Optional<List<Message>> received = received(version);
        if (received.isEmpty()) {
            return received;
        }
        Message last = received.get().getLast();
        assertTrue(version.equals("HTTP/1.1") || received.get().size() == 1, "interim responses are for HTTP/1.1");
        if (!last.values("x-inference-proxy-error").isEmpty()) {
            assertEquals(502, last.status());
            return Optional.empty();
        }
        return received;
    }

    private static void assertNoCleanCloseAfterReset(OriginResponse origin, Message message) {
        boolean delimitedByClose = message.status() != 204
                && message.status() != 304
                && message.values("content-length").isEmpty()
                && message.values("transfer-encoding").isEmpty();
        assertTrue(!delimitedByClose || !origin.resets, "a reset was forwarded as a clean close");
    }

    private static Message unchunked(Message response) {
        if (response.values("transfer-encoding").isEmpty()) {
            return response;
        }
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (at < response.body().length()) {
            int end = response.body().indexOf("\r\n", at);
            int size = Integer.parseInt(response.body().substring(at, end).replaceAll(";.*", ""), 16);
            data.append(response.body(), end + 2, end + 2 + size);
            at = size == 0 ? response.body().length() : end + 2 + size + 2;
        }
        return response.without("transfer-encoding").without("trailer").with(data.toString());
    }

    /** A complete response; empty if it was aborted. */
    private static Optional<List<Message>> received(String version) throws IOException {
        try (RawClient client = fixture.client()) {
            client.send("GET /x " + version + "\r\nHost: t\r\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\r\nConnection: close\r\n\r\n");
            List<Message> responses = Wire.responses(client.readAll(), List.of("GET"));
            assertFalse(responses.isEmpty(), "neither a response nor an error");
            return Optional.of(responses);
        } catch (FramingException e) {
            assertTrue(e.incomplete(), e.toString());
            return Optional.empty();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static List<Message> forwardable(List<Message> responses) {
        return responses.stream()
                .filter(response -> response.status() != 100)
                .map(Message::withoutHopByHop)
                .toList();
    }
}
