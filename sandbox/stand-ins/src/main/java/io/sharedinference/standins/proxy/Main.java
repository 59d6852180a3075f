package io.sharedinference.standins.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * The sandbox's stand-in for a proxy that is part of a chart. It reads the URL and the token from environment variables at
 * its start only.
 */
public final class Main {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int GRACE_SECONDS = 10;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI iam;
    private final URI inference;
    private final String token;

    private Main(URI iam, URI inference, String token) {
        this.iam = iam;
        this.inference = inference;
        this.token = token;
    }

    /** Environment variables: PORT (8080), IAM_URL (http://pharia-iam), REMOTE_INFERENCE_API_URL and REMOTE_INFERENCE_API_TOKEN. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        var proxy = new Main(
                URI.create(System.getenv().getOrDefault("IAM_URL", "http://pharia-iam")),
                URI.create(System.getenv("REMOTE_INFERENCE_API_URL")),
                System.getenv("REMOTE_INFERENCE_API_TOKEN"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", exchange -> respond(exchange, 200, "ok\n".getBytes(StandardCharsets.UTF_8)));
        server.createContext("/", proxy::serve);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(GRACE_SECONDS)));
        server.start();
        System.out.println("STAND-IN for a chart's own proxy, for sandboxes only, listening on port " + port);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            if (exchange.getRequestURI().getPath().equals("/version") || authenticated(exchange)) {
                forward(exchange);
            } else {
                respond(exchange, 401, "{\"error\":\"unauthenticated\"}".getBytes(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            respond(exchange, 503, new byte[0]);
        } catch (IOException e) {
            System.out.println("upstream error: " + e);
            respond(exchange, 502, new byte[0]);
        }
    }

    private boolean authenticated(HttpExchange exchange) throws IOException, InterruptedException {
        var authorization = exchange.getRequestHeaders()
                .getOrDefault("Authorization", List.of(""))
                .get(0);
        var request = HttpRequest.newBuilder(iam.resolve("/check_user"))
                .timeout(TIMEOUT)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"permissions\":[]}"))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }

    private void forward(HttpExchange exchange) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(inference.resolve(exchange.getRequestURI()))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
                .build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        response.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        respond(exchange, response.statusCode(), response.body());
    }

    private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
