package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sharedinference.pulumi.FakePulumi;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationTest {

    private static final Duration WINDOW = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private HttpServer api;

    @BeforeEach
    void start() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.start();
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), """
                config:
                  shared-inference:role: shared
                  shared-inference:context: gpu
                  shared-inference:chart: oci://registry.example.com/pharia-ai
                  shared-inference:inferenceApiUrl: http://127.0.0.1:%d
                  shared-inference:iamUrl: http://127.0.0.1:1
                  shared-inference:tenants: [blue]
                """.formatted(
                        api.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        api.stop(0);
    }

    /** As behind a Service with an old pod that still ends. */
    @Test
    void requiresConsecutiveRejections() {
        answer(2, 4);
        assertEquals("1 token is rejected with 401", confirm(List.of(Token.of("old"))));
        assertTrue(requests.get() > 4, "it stopped at request " + requests.get());
        assertTrue(System.nanoTime() - accepted.get() >= WINDOW.toNanos());
    }

    @Test
    void sendsNoRequestWithoutTokens() {
        answer();
        assertEquals("0 tokens are rejected with 401", confirm(List.of()));
        assertEquals(0, requests.get());
    }

    /** @param ok numbers of the requests that are answered with 200, from 1; all others get 401 */
    private void answer(Integer... ok) {
        api.createContext("/", exchange -> {
            var accepts = List.of(ok).contains(requests.incrementAndGet());
            if (accepts) {
                accepted.set(System.nanoTime());
            }
            var body = (accepts ? "[]" : "{\"error\": \"unauthenticated\"}").getBytes();
            exchange.sendResponseHeaders(accepts ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private String confirm(List<Token> tokens) {
        var project = TestProject.in(directory, FakePulumi.scripted(Map.of()));
        return new Revocation(project, "shared", WINDOW).confirm(tokens);
    }
}
