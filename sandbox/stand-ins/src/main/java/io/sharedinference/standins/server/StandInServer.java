package io.sharedinference.standins.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The HTTP server under both stand-ins: a virtual thread per request, {@code GET /health} for probes, one log line for
 * every other call, and the one place where a {@link Refusal} becomes an answer. Thread-safe.
 */
public final class StandInServer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final HttpServer server;

    private StandInServer(HttpServer server) {
        this.server = server;
    }

    /** Answers one call; an {@link IOException} means that the client has gone. */
    @FunctionalInterface
    public interface Handler {
        void handle(Call call) throws IOException;
    }

    /**
     * Starts to listen on all addresses; port 0 takes a free one.
     *
     * @throws UncheckedIOException when the port can't be had
     */
    public static StandInServer start(int port, Consumer<String> log, Handler handler) {
        // an event leaves at once instead of waiting for the acknowledgement of the one before
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> serve(exchange, log, handler));
            server.createContext("/health", StandInServer::health);
            server.start();
            return new StandInServer(server);
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** On SIGTERM takes no more calls and lets those under way end, for so many seconds at most. */
    public void stopOnTermination(int graceSeconds) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(graceSeconds)));
    }

    /** Stops at once: open connections are closed. */
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
            answer(call, handler);
        } catch (IOException clientGone) {
            call.note("ended", "client-gone");
        } finally {
            log.accept(call.logLine());
        }
    }

    private static void answer(Call call, Handler handler) throws IOException {
        try {
            handler.handle(call);
        } catch (Refusal refusal) {
            call.refuse(refusal);
        } catch (RuntimeException fault) {
            call.note("fault", fault.toString());
            call.refuse(new Refusal(500, "internal_error", "the stand-in has a fault, see its log"));
        }
    }
}
