package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sharedinference.proxy.RawClient.Response;
import io.sharedinference.proxy.usage.EventStreams;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** With STREAM_USAGE the client gets any stream in any segmentation as the server sends it without usage. */
class StreamUsageFuzzTest {
    private static final String ADDED = "\"stream_options\":{\"include_usage\":true},";

    private static ProxyFixture fixture;
    private static volatile StreamingServer currentServer;

    /** A server's streams, their framing, and the sizes of its chunks and writes. */
    record StreamingServer(EventStreams.Pair streams, String framing, List<Integer> chunks, List<Integer> writes) {
        /** The response to a request with or without include_usage. */
        String response(boolean usage) {
            String stream = usage ? streams.with() : streams.without();
            return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + framing.replace("LENGTH", String.valueOf(stream.length())) + "\r\n\r\n"
                    + (framing.contains("chunked") ? chunked(stream, chunks) : stream);
        }
    }

    @BeforeContainer
    static void start() throws Exception {
        fixture = ProxyFixture.start("STREAM_USAGE", "true");
        fixture.origin.byDefault(call -> {
            String body = call.rawBody();
            StreamingServer server = currentServer;
            for (String piece : EventStreams.cut(server.response(body.contains(ADDED)), server.writes)) {
                call.send(piece);
            }
            if (!server.framing.contains("chunked")) {
                call.socket().close();
            }
        });
    }

    @AfterContainer
    static void stop() throws IOException {
        fixture.close();
    }

    @Provide
    Arbitrary<StreamingServer> servers() {
        Arbitrary<String> framings = Arbitraries.of(
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "Content-Length: LENGTH");
        return Combinators.combine(EventStreams.pairs(), framings, sizes(900), sizes(1_500))
                .as(StreamingServer::new);
    }

    @Provide
    Arbitrary<String> requests() {
        return Combinators.combine(
                        Arbitraries.of("HTTP/1.1", "HTTP/1.0"),
                        Arbitraries.of("/v1/chat/completions", "/completions"),
                        bodies(),
                        sizes(40),
                        Arbitraries.of(true, false))
                .as((version, path, body, chunks, chunked) ->
                        "POST " + path + " " + version + "\r\nHost: t\r\nAuthorization: Bearer "
                                + ProxyFixture.TOKEN + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                                + (chunked && version.equals("HTTP/1.1")
                                        ? "Transfer-Encoding: chunked\r\n\r\n" + chunked(body, chunks)
                                        : "Content-Length: " + body.length() + "\r\n\r\n" + body));
    }

    private static Arbitrary<String> bodies() {
        return Arbitraries.of(
                        "\"stream\":true",
                        " \"stream\" : true ",
                        "\"\\u0073tream\":true",
                        "\"stream\":false,\"stream\":true")
                .flatMap(stream -> Arbitraries.of(
                                "", "\"messages\":[{\"stream_options\":{}}],", "\"prompt\":\"}\\\"{\",")
                        .map(other -> "{" + other + "\"model\":\"m\"," + stream + "}"));
    }

    private static Arbitrary<List<Integer>> sizes(int most) {
        return Arbitraries.integers().between(1, most).list().ofMinSize(1).ofMaxSize(10);
    }

    @Property(tries = 400)
    void theClientGetsWhatTheServerSendsWithoutUsage(
            @ForAll("servers") StreamingServer server,
            @ForAll("requests") String request,
            @ForAll("writes") List<Integer> writes)
            throws Exception {
        currentServer = server;
        try (RawClient client = fixture.client()) {
            for (String piece : EventStreams.cut(request, writes)) {
                client.send(piece);
            }
            Response response = client.response();
            String data =
                    response.header("Transfer-Encoding").isPresent() ? unchunked(response.body()) : response.body();
            assertEquals(server.streams.without(), data);
        }
        assertFalse(
                fixture.metrics().contains("inference_proxy_uncounted_requests_total{"), "a stream was not counted");
    }

    @Provide
    Arbitrary<List<Integer>> writes() {
        return sizes(300);
    }

    private static String chunked(String data, List<Integer> sizes) {
        StringBuilder all = new StringBuilder();
        for (String chunk : EventStreams.cut(data, sizes)) {
            all.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return all.append("0\r\n\r\n").toString();
    }

    private static String unchunked(String body) {
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (!body.startsWith("0\r\n", at)) {
            int lineEnd = body.indexOf("\r\n", at);
            int size = Integer.parseInt(body.substring(at, lineEnd), 16);
            data.append(body, lineEnd + 2, lineEnd + 2 + size);
            at = lineEnd + 2 + size + 2;
        }
        return data.toString();
    }
}
