package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.Wire.Message;
import io.sharedinference.proxy.Wire.Requests;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * For any client input in any segmentation: the origin receives only requests that the client framed, the service's token
 * only with requests of users, never a user's token, and each response is well-framed.
 */
class RequestFuzzTest {
    private static final String LAST = "GET /last HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + ProxyFixture.TOKEN
            + "\r\nConnection: close\r\n\r\n";
    /** Completes incomplete bodies and header sections. */
    private static final String FILLER = "x".repeat(140_000);

    private static final Set<String> FORBIDDEN_TRAILERS = Set.of(
            "host",
            "authorization",
            "content-length",
            "transfer-encoding",
            "expect",
            "connection",
            "keep-alive",
            "te",
            "upgrade");

    private static ProxyFixture fixture;

    /** Requests of the previous try: the origin may accept its last connection only now. */
    private List<Message> earlier = List.of();

    @BeforeContainer
    static void start() throws Exception {
        fixture = ProxyFixture.start("IDLE_TIMEOUT", "1s", "HEAD_TIMEOUT", "1s");
        fixture.origin.byDefault(call -> {
            call.rawBody();
            call.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            call.socket().shutdownOutput();
            // further bytes on this connection are recorded
            call.in().readAllBytes();
        });
    }

    @AfterContainer
    static void stop() throws IOException {
        fixture.close();
    }

    @Provide
    Arbitrary<String> streams() {
        return HostileRequests.streams();
    }

    @Provide
    Arbitrary<Set<Integer>> cuts() {
        return Arbitraries.integers().between(1, 600).set().ofMaxSize(6);
    }

    @Property
    void theOriginReceivesOnlyRequestsThatTheClientSent(
            @ForAll("streams") String stream, @ForAll("cuts") Set<Integer> cuts) throws Exception {
        String sent = stream + LAST + FILLER;
        Requests framed = Wire.read(sent);
        String responses = sendAndReadAll(sent, new TreeSet<>(cuts));
        assertForwarded(Stream.concat(earlier.stream(), framed.all().stream()).iterator());
        assertResponses(framed, responses);
        earlier = framed.all();
    }

    private static String sendAndReadAll(String stream, SortedSet<Integer> cuts) throws Exception {
        try (RawClient client = fixture.client()) {
            int from = 0;
            for (int cut : cuts) {
                int to = Math.clamp(cut, from, stream.length());
                client.send(stream.substring(from, to));
                from = to;
            }
            String rest = stream.substring(from);
            Thread.ofVirtual().start(() -> sendQuietly(client, rest));
            return client.readAll();
        }
    }

    private static void sendQuietly(RawClient client, String rest) {
        try {
            client.send(rest);
        } catch (IOException e) {
            // the proxy has responded and closed the connection
        }
    }

    private static void assertForwarded(Iterator<Message> candidates) throws Exception {
        ProxyFixture.eventually(() -> fixture.origin.running() == 0);
        for (String stream : fixture.origin.takeEnded()) {
            Requests received = Wire.read(stream);
            assertFalse(received.malformed(), stream);
            assertTrue(received.incomplete().isPresent() || !received.complete().isEmpty() || stream.isEmpty(), stream);
            for (Message complete : received.complete()) {
                assertTrue(find(candidates, complete, true), () -> "not framed by the client: " + complete);
            }
            received.incomplete()
                    .ifPresent(incomplete -> assertTrue(
                            find(candidates, incomplete, false), () -> "not framed by the client: " + incomplete));
        }
    }

    private static boolean find(Iterator<Message> candidates, Message received, boolean complete) {
        while (candidates.hasNext()) {
            Message candidate = candidates.next();
            Optional<Message> expected = forwarded(candidate).filter(sent -> !complete || !forbiddenTrailer(candidate));
            if (complete
                    ? expected.equals(Optional.of(received))
                    : expected.filter(sent -> sent.body().startsWith(received.body())
                                    && sent.with("").equals(received.with("")))
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The request as the origin may receive it, if it may. */
    private static Optional<Message> forwarded(Message request) {
        List<String> credentials = request.values("authorization");
        // RFC 9112, 3.2.2: the proxy replaces the scheme and authority of a target, like the Host
        String start = request.start()
                .replaceFirst("(?<= )(?i:https?)://[^/ ]+(?=/)", "")
                .replaceFirst("HTTP/1.0$", "HTTP/1.1");
        boolean open = start.startsWith("GET /version HTTP/")
                && request.values("transfer-encoding").isEmpty()
                && request.values("content-length").stream().allMatch(length -> length.matches("0+"));
        boolean user = credentials.size() == 1 && credentials.getFirst().matches("(?i:bearer) +" + ProxyFixture.TOKEN);
        if (credentials.size() > 1
                || !open && !user
                || Set.of("CONNECT", "TRACE").contains(request.method())) {
            return Optional.empty();
        }
        Message forwardable = request.withoutHopByHop().without("expect");
        String host = "127.0.0.1:" + fixture.origin.port();
        Stream<String> lines = forwardable.lines().stream()
                .filter(line -> !open || !Message.name(line).equals("authorization"))
                .map(line -> switch (Message.name(line)) {
                    case "host" -> line.substring(0, 5) + " " + host;
                    case "authorization" -> line.substring(0, 14) + " Bearer " + ProxyFixture.SERVICE_TOKEN;
                    // normalized by the proxy
                    case "content-length" ->
                        line.substring(0, 15) + " " + line.substring(15).strip().replaceFirst("^0+(?=.)", "");
                    case "transfer-encoding" -> line.substring(0, 18) + " chunked";
                    default -> line;
                });
        Stream<String> missing = request.values("host").isEmpty() ? Stream.of("Host: " + host) : Stream.of();
        return Optional.of(new Message(start, Stream.concat(missing, lines).toList(), request.body()));
    }

    private static boolean forbiddenTrailer(Message request) {
        int last = request.body().lastIndexOf("\r\n0");
        return !request.values("transfer-encoding").isEmpty()
                && request.body()
                        .substring(Math.max(0, last))
                        .lines()
                        .anyMatch(line -> line.contains(":") && FORBIDDEN_TRAILERS.contains(Message.name(line)));
    }

    private static void assertResponses(Requests framed, String stream) throws Wire.FramingException {
        Stream<String> methods = Stream.concat(
                framed.complete().stream().map(Message::method),
                Stream.of(framed.next().split(" ", 2)[0]));
        List<Message> responses = Wire.responses(stream, methods.toList()).stream()
                .filter(response -> response.status() >= 200)
                .toList();
        assertFalse(responses.isEmpty(), "no response");
        assertTrue(responses.size() <= framed.complete().size() + 1, stream);
        Message last = responses.getLast();
        assertEquals(List.of("close"), last.values("connection"), stream);
        if (framed.malformed() && responses.size() > framed.complete().size()) {
            assertTrue(last.status() >= 400, stream);
            assertEquals(1, last.values("x-inference-proxy-error").size(), stream);
        }
    }
}
