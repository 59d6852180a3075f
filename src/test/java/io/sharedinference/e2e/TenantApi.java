package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;

/** A client of an inference API: a tenant's proxy or the shared API. */
record TenantApi(String url) {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The last line of an event stream, and the time from the first line to the last. */
    record Events(String last, Duration spread) {}

    HttpResponse<String> get(String path, String token) {
        return send(request(path, token).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Repeats the request until it gets this status, for at most 30 s. */
    void awaitStatus(String path, String token, int status) {
        var deadline = Instant.now().plusSeconds(30);
        while (get(path, token).statusCode() != status) {
            assertTrue(Instant.now().isBefore(deadline), path + " did not return " + status);
        }
    }

    HttpResponse<String> post(String path, String token, String json) {
        return send(
                request(path, token)
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    String firstModel(String token) {
        try {
            return new ObjectMapper()
                    .readTree(get("/model-settings", token).body())
                    .get(0)
                    .get("name")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Events streamChat(String token, int events, int delayMillis) {
        var body = """
                {"model": "%s", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}""".formatted(firstModel(token));
        var request = request("/chat/completions", token)
                .header("x-stand-in-events", String.valueOf(events))
                .header("x-stand-in-delay-ms", String.valueOf(delayMillis))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var arrivals = new ArrayList<Instant>();
        var lines = new ArrayList<String>();
        send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> !line.isBlank())
                .forEach(line -> {
                    arrivals.add(Instant.now());
                    lines.add(line);
                });
        return new Events(
                lines.get(lines.size() - 1), Duration.between(arrivals.get(0), arrivals.get(arrivals.size() - 1)));
    }

    private HttpRequest.Builder request(String path, String token) {
        var builder = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
        return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
    }

    private static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return CLIENT.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
