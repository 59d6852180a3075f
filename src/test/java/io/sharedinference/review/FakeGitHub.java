package io.sharedinference.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import okhttp3.HttpUrl;

/** GitHub's REST API for comments and issues on loopback, with pages of two, and failures on demand. */
public final class FakeGitHub implements AutoCloseable {

    public static final String REPOSITORY = "octo/infra";
    private static final int PAGE = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Failure(int status, Map<String, String> headers) {}

    private final HttpServer server;
    private final List<ObjectNode> comments = new ArrayList<>();
    private final List<ObjectNode> issues = new ArrayList<>();
    private final List<ObjectNode> pulls = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final Queue<Failure> failures = new ArrayDeque<>();
    private int ids = 100;

    public FakeGitHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public HttpUrl url() {
        return HttpUrl.get("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Environment variables that GitHub Actions sets for a command. */
    public Map<String, String> environment() {
        return Map.of("GITHUB_API_URL", url().toString(), "GITHUB_REPOSITORY", REPOSITORY, "GITHUB_TOKEN", "the-token");
    }

    /** Bodies of the pull request's comments, in order. */
    public synchronized List<String> comments() {
        return comments.stream().map(comment -> comment.path("body").asText()).toList();
    }

    /** States and titles. */
    public synchronized List<String> issues() {
        return issues.stream()
                .map(issue ->
                        issue.path("state").asText() + " " + issue.path("title").asText())
                .toList();
    }

    /** Methods and paths, in order. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized void commented(String author, String body) {
        comments.add(text(author, body));
    }

    public synchronized void pullRequest(int number, String sha) {
        var pull = JSON.createObjectNode().put("number", number);
        pull.putObject("head").put("sha", sha);
        pulls.add(pull);
    }

    synchronized void failNext(int status, Map<String, String> headers) {
        failures.add(new Failure(status, headers));
    }

    private ObjectNode text(String author, String body) {
        var text = JSON.createObjectNode()
                .put("id", ++ids)
                .put("number", ids)
                .put("state", "open")
                .put("body", body);
        text.putObject("user").put("login", author);
        return text;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().replace("/repos/" + REPOSITORY, "");
            requests.add(exchange.getRequestMethod() + " " + path);
            var failure = failures.poll();
            if (failure != null) {
                failure.headers().forEach(exchange.getResponseHeaders()::set);
                respond(exchange, failure.status(), JSON.createObjectNode().put("message", "on demand"));
            } else if (!"Bearer the-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                respond(exchange, 401, JSON.createObjectNode().put("message", "Bad credentials"));
            } else if (exchange.getRequestMethod().equals("GET")) {
                page(exchange, path);
            } else {
                write(exchange, path, (ObjectNode) JSON.readTree(exchange.getRequestBody()));
            }
        }
    }

    private void page(HttpExchange exchange, String path) throws IOException {
        var all = path.equals("/pulls") ? pulls : path.equals("/issues") ? issues : comments;
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        var page = query.matches(".*&page=\\d+") ? Integer.parseInt(query.replaceAll(".*&page=", "")) : 0;
        if ((page + 1) * PAGE < all.size()) {
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<%srepos/%s%s?per_page=100&page=%d>; rel=\"next\", <http://x/>; rel=\"last\""
                                    .formatted(url(), REPOSITORY, path, page + 1));
        }
        var array = JSON.createArrayNode();
        all.stream().skip((long) page * PAGE).limit(PAGE).forEach(array::add);
        respond(exchange, 200, array);
    }

    private void write(HttpExchange exchange, String path, ObjectNode sent) throws IOException {
        if (sent.path("body").asText().length() > 65_536) {
            respond(exchange, 422, JSON.createObjectNode().put("message", "body is too long"));
        } else if (exchange.getRequestMethod().equals("POST")) {
            var text = text("bot", "");
            text.setAll(sent);
            (path.equals("/issues") ? issues : comments).add(text);
            respond(exchange, 201, text);
        } else {
            var id = Integer.parseInt(path.replaceAll(".*/", ""));
            for (var text : path.startsWith("/issues/comments/") ? comments : issues) {
                if (text.path("id").asInt() == id) {
                    text.setAll(sent);
                    respond(exchange, 200, text);
                    return;
                }
            }
            respond(exchange, 404, JSON.createObjectNode().put("message", "Not Found"));
        }
    }

    private static void respond(HttpExchange exchange, int status, JsonNode body) throws IOException {
        var bytes = JSON.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
