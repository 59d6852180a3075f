package io.sharedinference.standins.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The HTTP server of the IAM and the inference stand-in. Runs a virtual thread per request, serves {@code GET /health} for
 * probes, logs all other calls, and sends each {@link HttpError} as an error response. Thread-safe.
 */
public final class StandInServer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final HttpServer server;

    private StandInServer(HttpServer server) {
        this.server = server;
    }

    /** Handles one call. An {@link IOException} means that the client has disconnected. */
    @FunctionalInterface
    public interface Handler {
        void handle(Call call) throws IOException;
    }

    /**
     * Binds to all addresses and serves; port 0 selects a free port.
     *
     * @throws UncheckedIOException if the port cannot be bound
     */
    public static StandInServer start(int port, Consumer<String> log, Handler handler) {
        // sends each event at once, without waiting for the acknowledgement of the previous one
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> serve(exchange, log, handler));
            server.createContext("/health", StandInServer::health);
            server.start();
            return new StandInServer(server);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot bind port " + port + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** On SIGTERM, stops accepting calls and waits up to {@code graceSeconds} for calls in progress. */
    public void stopOnTermination(int graceSeconds) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(graceSeconds)));
    }

    /** Stops immediately and closes open connections. */
    @Override
    public void close() {
        server.stop(0);
    }

    private static void health(HttpExchange exchange) throws IOException {
        try (exchange) {
            new Call(exchange).text(200, "ok\n");
        }
    }

    private static void serve(HttpExchange exchange, Consumer<String> log, Handler handler) {
        Call call = new Call(exchange);
        try (exchange) {
            handle(call, handler);
        } catch (IOException disconnected) {
            call.note("ended", "client-disconnected");
        } finally {
            log.accept(call.logLine());
        }
    }

    private static void handle(Call call, Handler handler) throws IOException {
        try {
            handler.handle(call);
        } catch (HttpError error) {
            call.fail(error);
        } catch (RuntimeException unexpected) {
            call.note("error", unexpected.toString());
            call.fail(new HttpError(500, "internal_error", "unexpected error, see the stand-in's log"));
        }
    }
}
