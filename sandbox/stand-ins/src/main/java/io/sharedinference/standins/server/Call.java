package io.sharedinference.standins.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One request and its response. Confined to the thread that serves it. */
public final class Call {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEARER = "Bearer ";

    private final HttpExchange exchange;
    private final Map<String, String> notes = new LinkedHashMap<>();

    Call(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /** Method and path without the query, such as {@code GET /version}. */
    public String route() {
        return exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    public Optional<Token> bearer() {
        return header("Authorization")
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip())
                .filter(value -> !value.isEmpty())
                .map(Token::new);
    }

    /**
     * Parses the body, which must be a JSON object.
     *
     * @throws HttpError 400 if it is not
     */
    public JsonNode json() throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try {
            JsonNode parsed = JSON.readTree(body);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JacksonException malformed) {
            // reported below: the parser's message quotes the body
        }
        throw new HttpError(400, "bad_request", "the body must be a JSON object");
    }

    /** Adds {@code name=value} to the call's log line. Must not be used for tokens. */
    public void note(String name, Object value) {
        notes.put(name, String.valueOf(value).replaceAll("[\\p{Cntrl}\\s]+", "_"));
    }

    public void json(int status, JsonNode body) throws IOException {
        send(status, "application/json", body.toString());
    }

    public void text(int status, String body) throws IOException {
        send(status, "text/plain; charset=utf-8", body);
    }

    /** Sends status 200 and opens a stream of server-sent events. */
    public EventStream events() throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        return new EventStream(exchange.getResponseBody());
    }

    void fail(HttpError error) throws IOException {
        if (exchange.getResponseCode() != -1) {
            note("aborted", error.getMessage());
            return;
        }
        json(
                error.status(),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("error", error.code())
                        .put("error_description", error.getMessage()));
    }

    String logLine() {
        String noted = notes.entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
        return "%s %s status=%d %s"
                .formatted(Instant.now(), route(), exchange.getResponseCode(), noted)
                .strip();
    }

    private void send(int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
