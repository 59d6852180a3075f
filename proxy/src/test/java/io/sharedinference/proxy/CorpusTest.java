package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.proxy.Corpus.Exchange;
import io.sharedinference.proxy.Wire.FramingException;
import io.sharedinference.proxy.Wire.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same request gets the same response directly and through the proxy, and the origin receives it unchanged, except for
 * the Host, the credential and hop-by-hop fields.
 */
class CorpusTest {
    private static final Exchange LAST = new Exchange(
            "last",
            "GET /last HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\nConnection: close\n\n",
            "HTTP/1.1 200 OK\nContent-Length: 4\n\nlast",
            false);

    private final Queue<Exchange> script = new ConcurrentLinkedQueue<>();
    private ProxyFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = ProxyFixture.start();
        fixture.origin.byDefault(call -> {
            Exchange exchange = script.remove();
            call.rawBody();
            call.send(exchange.wireResponse());
            if (exchange.ends()) {
                call.socket().close();
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    static List<Exchange> exchanges() {
        return Corpus.exchanges();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void forwardsRequestsInOnePiece(Exchange exchange) throws Exception {
        assertTransparent(withLast(exchange), Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void forwardsRequestsByteByByte(Exchange exchange) throws Exception {
        // segments of one byte would take too long for large requests
        assertTransparent(withLast(exchange), exchange.request().length() > 5000 ? 997 : 1);
    }

    @ParameterizedTest
    @MethodSource
    void forwardsHttp10Requests(Exchange exchange) throws Exception {
        assertTransparent(List.of(exchange), Integer.MAX_VALUE);
    }

    static Stream<Exchange> forwardsHttp10Requests() {
        return Corpus.exchanges().stream().filter(Exchange::speaksHttp10).map(Exchange::asHttp10);
    }

    @Test
    void forwardsPipelinedExchanges() throws Exception {
        List<Exchange> all = new ArrayList<>(persistent());
        all.add(LAST);
        assertTransparent(all, 20_011);
    }

    @Test
    void forwardsSequentialExchangesOnOneConnection() throws Exception {
        try (RawClient client = fixture.client()) {
            for (Exchange exchange : persistent()) {
                script.add(exchange);
                client.send(throughProxy(exchange));
                assertEquals(
                        forwardable(exchange.wireResponse(), List.of(exchange)),
                        forwardable(response(client, exchange), List.of(exchange)),
                        exchange.name());
            }
        }
        assertEquals(
                2,
                fixture.origin.received().size(),
                "only the request after a GET with a body needs a second connection");
    }

    @Test
    void aClosedOriginConnectionDoesNotCloseTheClients() throws Exception {
        Exchange first = new Exchange(
                "first",
                "GET /x HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\n\n",
                "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok",
                true);
        script.addAll(List.of(first, LAST));
        try (RawClient client = fixture.client()) {
            RawClient.Response response = client.send(throughProxy(first)).response();
            assertEquals(Optional.empty(), response.header("Connection"));
            assertEquals("last", client.send(throughProxy(LAST)).response().body());
        }
    }

    private static List<Exchange> persistent() {
        return Corpus.exchanges().stream().filter(exchange -> !exchange.ends()).toList();
    }

    private static List<Exchange> withLast(Exchange exchange) {
        return exchange.ends() ? List.of(exchange) : List.of(exchange, LAST);
    }

    private void assertTransparent(List<Exchange> exchanges, int pieces) throws Exception {
        String requests = exchanges.stream().map(this::direct).collect(Collectors.joining());
        String direct = sendAndReadAll(exchanges, fixture.origin.port(), requests, Integer.MAX_VALUE);
        String viaProxy = sendAndReadAll(
                exchanges,
                fixture.port(),
                exchanges.stream().map(this::throughProxy).collect(Collectors.joining()),
                pieces);
        assertEquals(forwardable(direct, exchanges), forwardable(viaProxy, exchanges));
        // the origin's first connection is the direct one
        List<String> received = fixture.origin.received();
        String relayed = received.stream().skip(1).collect(Collectors.joining());
        assertEquals(forwarded(requests), Wire.requests(relayed));
    }

    /** Sends the requests in pieces, and reads until the connection closes. */
    private String sendAndReadAll(List<Exchange> exchanges, int port, String requests, int pieces) throws IOException {
        script.addAll(exchanges);
        try (RawClient client = new RawClient(port)) {
            Thread.ofVirtual().start(() -> sendAll(client, requests, pieces));
            return client.readAll();
        }
    }

    private static void sendAll(RawClient client, String text, int pieces) {
        try {
            for (int at = 0; at < text.length(); at += Math.min(pieces, text.length() - at)) {
                client.send(text.substring(at, at + Math.min(pieces, text.length() - at)));
            }
        } catch (IOException e) {
            // detected by the reader
        }
    }

    /** A complete response with its interim responses. */
    private static String response(RawClient client, Exchange exchange) throws IOException {
        RawClient.Response response =
                exchange.method().equals("HEAD") ? client.responseWithoutBody() : client.response();
        String text = response.headerSection() + response.body();
        return response.status() < 200 ? text + response(client, exchange) : text;
    }

    private String direct(Exchange exchange) {
        return exchange.request("127.0.0.1:" + fixture.origin.port(), ProxyFixture.SERVICE_TOKEN);
    }

    private String throughProxy(Exchange exchange) {
        return exchange.request("tenant.example:1234", ProxyFixture.TOKEN);
    }

    /** The parts of an origin's responses that must be forwarded; each server sends 100 itself. */
    private static List<Message> forwardable(String responses, List<Exchange> exchanges) throws FramingException {
        return Wire.responses(
                        responses, exchanges.stream().map(Exchange::method).toList())
                .stream()
                .filter(response -> response.status() != 100)
                .map(Message::withoutHopByHop)
                .toList();
    }

    /** The parts of a client's requests that the origin must receive; the proxy itself sends 100 Continue. */
    private static List<Message> forwarded(String requests) throws FramingException {
        return Wire.requests(requests).stream()
                .map(Message::withoutHopByHop)
                .map(request -> request.without("expect").inHttp11())
                .toList();
    }
}
