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

/** A tenant's IAM: the responses of check_user by token, which can change while it runs. */
public final class FakeIam implements AutoCloseable {
    /** A response of check_user; {@code before} runs first, to delay it. */
    public record CheckUserResponse(int status, String json, Runnable before) {
        public CheckUserResponse(int status, String json) {
            this(status, json, () -> {});
        }
    }

    private static final CheckUserResponse UNKNOWN =
            new CheckUserResponse(401, "{\"error\":\"unauthenticated\",\"error_description\":\"Invalid token\"}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, CheckUserResponse> responses = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile String lastRequestBody = "";

    public FakeIam() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200));
    }

    private FakeIam(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/check_user", this::respond);
        // the target of redirects: following them would admit any token
        server.createContext(
                "/elsewhere",
                exchange -> respond(exchange, new CheckUserResponse(200, "{\"sub\":\"anybody\",\"permissions\":[]}")));
        server.start();
    }

    /** An IAM with TLS. */
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
        return on(token, new CheckUserResponse(200, """
            {"sub":"%s","email":null,"email_verified":null,"permissions":[]}\
            """.formatted(subject)));
    }

    public FakeIam on(String token, CheckUserResponse response) {
        responses.put("Bearer " + token, response);
        return this;
    }

    public void remove(String token) {
        responses.remove("Bearer " + token);
    }

    public int calls() {
        return calls.get();
    }

    public String lastRequestBody() {
        return lastRequestBody;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void respond(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        lastRequestBody = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        respond(exchange, responses.getOrDefault(exchange.getRequestHeaders().getFirst("Authorization"), UNKNOWN));
    }

    private void respond(HttpExchange exchange, CheckUserResponse response) throws IOException {
        try (exchange) {
            response.before.run();
            byte[] body = response.json.getBytes(StandardCharsets.UTF_8);
            if (response.status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            }
            exchange.sendResponseHeaders(response.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
