package io.sharedinference.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sharedinference.project.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A registry on loopback that knows as much of the distribution protocol as a push and a pull need. */
public final class FakeRegistry implements AutoCloseable {

    private record Content(String type, byte[] bytes) {}

    private final Map<String, Content> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger uploadNumber = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final Optional<Credentials> login;

    private FakeRegistry(HttpServer server, Optional<Credentials> login) {
        this.server = server;
        this.login = login;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** For reading alone: the JDK's server answers nothing to the TLS handshake that a push begins with. */
    static FakeRegistry plain() throws IOException {
        return new FakeRegistry(HttpServer.create(loopback(), 0), Optional.empty());
    }

    public static FakeRegistry open(SSLContext tls, Optional<Credentials> login) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new FakeRegistry(server, login);
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Methods and paths in the order in which they came. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    List<String> writes() {
        return requests.stream()
                .filter(request -> !request.startsWith("GET") && !request.startsWith("HEAD"))
                .toList();
    }

    boolean has(String repository, String reference) {
        return manifests.containsKey(repository + "/manifests/" + reference);
    }

    /** The content of a manifest or of a blob. */
    String content(String repository, String reference) {
        byte[] bytes = has(repository, reference)
                ? manifests.get(repository + "/manifests/" + reference).bytes()
                : blobs.get(reference);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Puts a manifest there and returns its digest. */
    String holding(String repository, String tag) {
        byte[] manifest = "{}".getBytes(StandardCharsets.UTF_8);
        manifests.put(
                repository + "/manifests/" + tag, new Content("application/vnd.oci.image.manifest.v1+json", manifest));
        return digest(manifest);
    }

    void forgetRequests() {
        requests.clear();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (login.isPresent()
                && !authorization(login.get())
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"test\"");
            answer(exchange, 401, error("UNAUTHORIZED"));
        } else if (path.equals("/v2/")) {
            answer(exchange, 200, new byte[0]);
        } else if (path.contains("/manifests/")) {
            manifest(exchange, path.substring("/v2/".length()), body);
        } else if (path.contains("/blobs/uploads/")) {
            upload(exchange, path, body);
        } else {
            blob(exchange, path.substring(path.lastIndexOf('/') + 1));
        }
    }

    private void manifest(HttpExchange exchange, String name, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            Content content = new Content(exchange.getRequestHeaders().getFirst("Content-Type"), body);
            manifests.put(name, content);
            manifests.put(name.substring(0, name.lastIndexOf('/') + 1) + digest(body), content);
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest(body));
            answer(exchange, 201, new byte[0]);
        } else if (manifests.containsKey(name)) {
            Content content = manifests.get(name);
            exchange.getResponseHeaders().add("Content-Type", content.type());
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest(content.bytes()));
            answer(exchange, 200, content.bytes());
        } else {
            answer(exchange, 404, error("NAME_UNKNOWN"));
        }
    }

    private void upload(HttpExchange exchange, String path, byte[] body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                exchange.getResponseHeaders().add("Location", path + "upload" + uploadNumber.incrementAndGet());
                answer(exchange, 202, new byte[0]);
            }
            case "PATCH" -> {
                uploads.put(path, body);
                exchange.getResponseHeaders().add("Location", path);
                answer(exchange, 202, new byte[0]);
            }
            default -> {
                byte[] content = uploads.getOrDefault(path, body); // which comes whole where nothing came before
                blobs.put(digest(content), content);
                answer(exchange, 201, new byte[0]);
            }
        }
    }

    private void blob(HttpExchange exchange, String digest) throws IOException {
        if (blobs.containsKey(digest)) {
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest);
            answer(exchange, 200, blobs.get(digest));
        } else {
            answer(exchange, 404, error("BLOB_UNKNOWN"));
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static byte[] error(String code) {
        return """
                {"errors":[{"code":"%s","message":"not here"}]}""".formatted(code).getBytes(StandardCharsets.UTF_8);
    }

    private static String authorization(Credentials login) {
        String pair = login.username() + ":" + login.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
