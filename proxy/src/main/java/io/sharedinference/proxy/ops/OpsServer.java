package io.sharedinference.proxy.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Health and metrics endpoints on a separate port: {@code /healthz} returns 200 while the process runs, {@code /readyz} 200
 * or 503 with the reason, {@code /metrics} the OpenMetrics or Prometheus text format. Thread-safe.
 */
public final class OpsServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;

    private OpsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Binds and serves.
     *
     * @param port 0 for any free port
     * @param unready why the process is not ready; empty if it is
     * @param registry the metrics that {@code /metrics} returns
     * @throws IOException if the port cannot be bound
     */
    public static OpsServer start(int port, Supplier<Optional<String>> unready, PrometheusRegistry registry)
            throws IOException {
        HttpServer server = bind(port);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> respond(exchange, 404, "not found"));
        server.createContext("/healthz", exchange -> respond(exchange, 200, "ok"));
        server.createContext("/readyz", exchange -> {
            Optional<String> reason = unready.get();
            respond(exchange, reason.isEmpty() ? 200 : 503, reason.orElse("ready"));
        });
        ExpositionFormats formats = ExpositionFormats.init();
        MetricsEndpoint scrapes = new MetricsEndpoint(formats, registry);
        server.createContext("/metrics", scrapes::respond);
        server.start();
        return new OpsServer(server, threads);
    }

    private static HttpServer bind(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new IOException("OPS_PORT " + port + " cannot be bound: " + e.getMessage(), e);
        }
    }

    /** The bound port. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
