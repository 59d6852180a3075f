package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.HostileRequests.Edit;
import io.sharedinference.proxy.Wire.Message;
import io.sharedinference.proxy.Wire.Unframed;
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
    private static volatile Playing playing;

    /** What the origin sends, in two pieces, and whether it resets the connection behind them. */
    record Playing(String answer, int cut, boolean resets) {}

    @BeforeContainer
    static void start() throws Exception {
        // a late rest of one response would be parsed as the next one, so the origin closes each connection after a
        // delay
        fixture = ProxyFixture.start("IDLE_TIMEOUT", "2s", "FIRST_BYTE_TIMEOUT", "2s", "CONNECTION_MAX_AGE", "0s");
        fixture.origin.byDefault(call -> {
            Playing now = playing;
            int cut = Math.min(now.cut, now.answer.length());
            call.send(now.answer.substring(0, cut));
            call.send(now.answer.substring(cut));
            if (now.resets) {
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
    Arbitrary<Playing> origins() {
        Arbitrary<String> answers = Combinators.combine(
                        interim(), statusLine(), lines(), bodies(), HostileRequests.edits())
                .as(ResponseFuzzTest::answer);
        return Combinators.combine(
                        answers,
                        Arbitraries.integers().between(1, 300),
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)))
                .as(Playing::new);
    }

    private static String answer(String interim, String status, String lines, String body, List<Edit> edits) {
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
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of("", length, chunked)),
                Tuple.of(
                        1,
                        Arbitraries.of(
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
                                "Connection: X-Hop\r\nX-Hop: y\r\n" + length)));
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

    private static Arbitrary<String> usually(String usual, String... odd) {
        return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(usual)), Tuple.of(1, Arbitraries.of(odd)));
    }

    @Property
    void noResponseIsForwardedAsMoreThanItWas(@ForAll("origins") Playing origin) throws Exception {
        playing = origin;
        Optional<List<Message>> received = received("HTTP/1.1");
        if (received.isEmpty()) {
            return;
        }
        Message last = received.get().getLast();
        if (!last.values("x-inference-proxy-error").isEmpty()) {
            assertEquals(502, last.status());
            return;
        }
        List<Message> framed = carried(Wire.firstAnswer(origin.answer, "GET"));
        assertEquals(framed, carried(received.get()));
        boolean endsWithClose = last.status() != 204
                && last.status() != 304
                && last.values("content-length").isEmpty()
                && last.values("transfer-encoding").isEmpty();
        assertTrue(!endsWithClose || !origin.resets, "a reset was made a good end");
    }

    @Property
    void anHttp10ClientGetsTheSameWithoutChunks(@ForAll("origins") Playing origin) throws Exception {
        playing = origin;
        Optional<List<Message>> received = received("HTTP/1.0");
        if (received.isEmpty()) {
            return;
        }
        Message last = received.get().getLast();
        assertEquals(List.of(last), received.get(), "interim responses are for HTTP/1.1");
        if (!last.values("x-inference-proxy-error").isEmpty()) {
            assertEquals(502, last.status());
            return;
        }
        Message framed = Wire.firstAnswer(origin.answer, "GET").getLast();
        assertEquals(List.of(unchunked(framed).withoutHopByHop()), carried(received.get()));
        boolean endsWithOrigin = framed.values("content-length").isEmpty()
                && framed.values("transfer-encoding").isEmpty()
                && framed.status() != 204
                && framed.status() != 304;
        assertTrue(!endsWithOrigin || !origin.resets, "a reset was made a good end");
    }

    private static Message unchunked(Message answer) {
        if (answer.values("transfer-encoding").isEmpty()) {
            return answer;
        }
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (at < answer.body().length()) {
            int end = answer.body().indexOf("\r\n", at);
            int size = Integer.parseInt(answer.body().substring(at, end).replaceAll(";.*", ""), 16);
            data.append(answer.body(), end + 2, end + 2 + size);
            at = size == 0 ? answer.body().length() : end + 2 + size + 2;
        }
        return answer.without("transfer-encoding").without("trailer").with(data.toString());
    }

    /** A complete response; empty if it was aborted. */
    private static Optional<List<Message>> received(String version) throws IOException {
        try (RawClient client = fixture.client()) {
            client.send("GET /x " + version + "\r\nHost: t\r\nAuthorization: Bearer " + ProxyFixture.TOKEN
                    + "\r\nConnection: close\r\n\r\n");
            List<Message> answers = Wire.answers(client.readAll(), List.of("GET"));
            assertFalse(answers.isEmpty(), "neither a response nor an error");
            return Optional.of(answers);
        } catch (Unframed e) {
            assertTrue(e.unfinished(), e.toString());
            return Optional.empty();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static List<Message> carried(List<Message> answers) {
        return answers.stream()
                .filter(answer -> answer.status() != 100)
                .map(Message::withoutHopByHop)
                .toList();
    }
}
