package io.sharedinference.verify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** An inference API, or a proxy in front of one, with configured replies. */
final class FakeApi implements AutoCloseable {

    /** @param code error code of the proxy; empty for other replies */
    record Reply(int status, String type, Optional<String> code, String body) {

        static Reply version(String version) {
            return new Reply(200, "text/plain", Optional.empty(), version);
        }

        static Reply json(int status, String body) {
            return new Reply(status, "application/json", Optional.empty(), body);
        }

        static Reply html(int status, String body) {
            return new Reply(status, "text/html", Optional.empty(), body);
        }

        static Reply proxyError(int status, String code) {
            return new Reply(status, "application/json", Optional.of(code), "{\"error\":\"" + code + "\"}");
        }
    }

    private static final String INVALID = "Bearer invalid-";

    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Set<String> guarded = ConcurrentHashMap.newKeySet();
    private final HttpServer server;

    private FakeApi(HttpServer server) {
        this.server = server;
        server.createContext("/", this::response);
        server.start();
    }

    static FakeApi open() throws IOException {
        return new FakeApi(HttpServer.create(loopback(), 0));
    }

    static FakeApi openTls(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new FakeApi(server);
    }

    FakeApi on(String path, Reply reply) {
        replies.put(path, reply);
        return this;
    }

    /** Replies with {@code reply} to requests with an invalid token, on every path. */
    FakeApi onInvalidToken(Reply reply) {
        replies.put(INVALID, reply);
        return this;
    }

    /** Replies with {@code reply} to requests with a token, and with 401 to others. */
    FakeApi onlyWithToken(String path, Reply reply) {
        guarded.add(path);
        return on(path, reply);
    }

    URI url(String scheme, String host) {
        return URI.create(scheme + "://" + host + ":" + server.getAddress().getPort());
    }

    URI url() {
        return url("http", "127.0.0.1");
    }

    /** The last Authorization header received for {@code path}. */
    Optional<String> authorization(String path) {
        return Optional.ofNullable(tokens.get(path));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void response(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .ifPresent(value -> tokens.put(path, value));
        Reply reply =
                reply(path, Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
        exchange.getResponseHeaders().add("Content-Type", reply.type());
        reply.code().ifPresent(code -> exchange.getResponseHeaders().add("X-Inference-Proxy-Error", code));
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Reply reply(String path, Optional<String> authorization) {
        if (replies.containsKey(INVALID)
                && authorization.filter(value -> value.startsWith(INVALID)).isPresent()) {
            return replies.get(INVALID);
        }
        return guarded.contains(path) && authorization.isEmpty()
                ? Reply.json(401, "{}")
                : replies.getOrDefault(path, Reply.html(404, "<html>nothing here</html>"));
    }
}
