package io.sharedinference.kubernetes;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server that knows a few paths, each with its query, and answers 404 at all others. */
public final class FakeCluster implements AutoCloseable {

    public static final String CONTEXT = "fake";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> deleted = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    public FakeCluster() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            (exchange.getRequestMethod().equals("DELETE") ? deleted : asked).add(path);
            byte[] body = answers.getOrDefault(path, """
                    {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}""").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", body[0] == '{' ? "application/json" : "text/plain");
            exchange.sendResponseHeaders(answers.containsKey(path) ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    public FakeCluster answer(String path, String body) {
        answers.put(path, body);
        return this;
    }

    public List<String> asked() {
        return asked;
    }

    /** Paths of the objects that were to be deleted. */
    public List<String> deleted() {
        return deleted;
    }

    /** A kubeconfig that leads here, in this directory. */
    public Path kubeconfig(Path directory) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: other
                clusters:
                - {name: here, cluster: {server: "http://127.0.0.1:%d"}}
                contexts:
                - {name: %s, context: {cluster: here, user: nobody}}
                users:
                - {name: nobody, user: {}}
                """.formatted(
                        server.getAddress().getPort(), CONTEXT));
    }

    public Cluster open(Path directory) {
        try {
            return Cluster.open(Optional.of(kubeconfig(directory)), CONTEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
