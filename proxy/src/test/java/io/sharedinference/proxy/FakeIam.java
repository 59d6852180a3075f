package io.sharedinference.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A tenant's IAM: tokens and what check_user says about them, to be changed while it runs. */
public final class FakeIam implements AutoCloseable {
    /** A response of check_user; {@code before} runs first, to delay it. */
    public record Saying(int status, String json, Runnable before) {
        public Saying(int status, String json) {
            this(status, json, () -> {});
        }
    }

    private static final Saying UNKNOWN =
            new Saying(401, "{\"error\":\"unauthenticated\",\"error_description\":\"Invalid token\"}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Saying> sayings = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile String lastQuestion = "";

    public FakeIam() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200));
    }

    private FakeIam(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/check_user", this::answer);
        // the target of redirects: following them would admit everybody
        server.createContext(
                "/elsewhere",
                exchange -> answer(exchange, new Saying(200, "{\"sub\":\"anybody\",\"permissions\":[]}")));
        server.start();
    }

    /** One that speaks TLS. */
    public static FakeIam secure(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new FakeIam(server);
    }

    public String url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    public FakeIam user(String token, String subject) {
        return says(token, new Saying(200, """
            {"sub":"%s","email":null,"email_verified":null,"permissions":[]}\
            """.formatted(subject)));
    }

    public FakeIam says(String token, Saying saying) {
        sayings.put("Bearer " + token, saying);
        return this;
    }

    public void forget(String token) {
        sayings.remove("Bearer " + token);
    }

    public int calls() {
        return calls.get();
    }

    public String lastQuestion() {
        return lastQuestion;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        lastQuestion = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        answer(exchange, sayings.getOrDefault(exchange.getRequestHeaders().getFirst("Authorization"), UNKNOWN));
    }

    private void answer(HttpExchange exchange, Saying saying) throws IOException {
        try (exchange) {
            saying.before.run();
            byte[] body = saying.json.getBytes(StandardCharsets.UTF_8);
            if (saying.status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            }
            exchange.sendResponseHeaders(saying.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
