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
 * Whatever a client sends and however it is cut: the origin reads nothing that the client did not frame, the service's
 * token goes with requests of users only, theirs never, and each response is well-framed.
 */
class RequestFuzzTest {
    private static final String LAST = "GET /last HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + ProxyFixture.TOKEN
            + "\r\nConnection: close\r\n\r\n";
    /** Completes each body that is longer than what was sent, and each header section. */
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

    /** Of the try before: what it forwarded last may be accepted by the origin only now. */
    private List<Message> earlier = List.of();

    @BeforeContainer
    static void start() throws Exception {
        fixture = ProxyFixture.start("IDLE_TIMEOUT", "1s", "HEAD_TIMEOUT", "1s");
        fixture.origin.byDefault(call -> {
            call.rawBody();
            call.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            call.socket().shutdownOutput();
            // whatever else comes on this connection is recorded
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
        String answers = play(sent, new TreeSet<>(cuts));
        assertForwarded(Stream.concat(earlier.stream(), framed.all().stream()).iterator());
        assertAnswers(framed, answers);
        earlier = framed.all();
    }

    private static String play(String stream, SortedSet<Integer> cuts) throws Exception {
        try (RawClient client = fixture.client()) {
            int from = 0;
            for (int cut : cuts) {
                int to = Math.clamp(cut, from, stream.length());
                client.send(stream.substring(from, to));
                from = to;
            }
            String rest = stream.substring(from);
            Thread.ofVirtual().start(() -> sendIfWanted(client, rest));
            return client.readAll();
        }
    }

    private static void sendIfWanted(RawClient client, String rest) {
        try {
            client.send(rest);
        } catch (IOException e) {
            // answered and closed already
        }
    }

    private static void assertForwarded(Iterator<Message> candidates) throws Exception {
        ProxyFixture.eventually(() -> fixture.origin.running() == 0);
        for (String stream : fixture.origin.takeEnded()) {
            Requests received = Wire.read(stream);
            assertFalse(received.malformed(), stream);
            assertTrue(received.begun().isPresent() || !received.whole().isEmpty() || stream.isEmpty(), stream);
            for (Message whole : received.whole()) {
                assertTrue(find(candidates, whole, true), () -> "not framed by the client: " + whole);
            }
            received.begun()
                    .ifPresent(begun ->
                            assertTrue(find(candidates, begun, false), () -> "not framed by the client: " + begun));
        }
    }

    private static boolean find(Iterator<Message> candidates, Message received, boolean whole) {
        while (candidates.hasNext()) {
            Message candidate = candidates.next();
            Optional<Message> expected = forwarded(candidate).filter(sent -> !whole || !forbiddenTrailer(candidate));
            if (whole
                    ? expected.equals(Optional.of(received))
                    : expected.filter(sent -> sent.body().startsWith(received.body())
                                    && sent.with("").equals(received.with("")))
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** What the origin may see of a request, if anything. */
    private static Optional<Message> forwarded(Message request) {
        List<String> credentials = request.values("authorization");
        // RFC 9112, 3.2.2: the proxy replaces what precedes a target's path, like the Host
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
        Message carried = request.withoutHopByHop().without("expect");
        String host = "127.0.0.1:" + fixture.origin.port();
        Stream<String> lines = carried.lines().stream()
                .filter(line -> !open || !Message.name(line).equals("authorization"))
                .map(line -> switch (Message.name(line)) {
                    case "host" -> line.substring(0, 5) + " " + host;
                    case "authorization" -> line.substring(0, 14) + " Bearer " + ProxyFixture.SERVICE_TOKEN;
                    // in one form, however the client wrote them
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

    private static void assertAnswers(Requests framed, String stream) throws Wire.Unframed {
        Stream<String> methods = Stream.concat(
                framed.whole().stream().map(Message::method),
                Stream.of(framed.next().split(" ", 2)[0]));
        List<Message> answers = Wire.answers(stream, methods.toList()).stream()
                .filter(answer -> answer.status() >= 200)
                .toList();
        assertFalse(answers.isEmpty(), "no response");
        assertTrue(answers.size() <= framed.whole().size() + 1, stream);
        Message last = answers.getLast();
        assertEquals(List.of("close"), last.values("connection"), stream);
        if (framed.malformed() && answers.size() > framed.whole().size()) {
            assertTrue(last.status() >= 400, stream);
            assertEquals(1, last.values("x-inference-proxy-error").size(), stream);
        }
    }
}
