package io.sharedinference.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Authenticator;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Client of GitHub's REST API for one repository. Follows pages, and retries after server errors and rate limits. */
final class GitHubClient {

    /** Replaced in tests, which do not wait. */
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
    private static final int MAX_ATTEMPTS = 5;
    private static final int MAX_PAGES = 100;
    private static final Duration MAX_WAIT = Duration.ofMinutes(5); // of all retries of a request

    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(Duration.ofSeconds(30))
            .followRedirects(false)
            .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
            .build();
    private final HttpUrl repository;
    private final Token token;
    private final Sleeper sleeper;

    /** @param repository URL in the API, {@code https://api.github.com/repos/owner/name} */
    GitHubClient(HttpUrl repository, Token token, Sleeper sleeper) {
        this.repository = repository;
        this.token = token;
        this.sleeper = sleeper;
    }

    HttpUrl.Builder url(String path) {
        return repository.newBuilder().addPathSegments(path);
    }

    /** Elements of all pages. */
    List<JsonNode> list(HttpUrl.Builder url) {
        List<JsonNode> all = new ArrayList<>();
        Optional<HttpUrl> next =
                Optional.of(url.addQueryParameter("per_page", "100").build());
        for (int page = 0; next.isPresent() && page < MAX_PAGES; page++) {
            Page result = send(new Request.Builder().url(next.get()).build());
            result.body().forEach(all::add);
            next = result.next();
        }
        return all;
    }

    JsonNode post(HttpUrl.Builder url, JsonNode body) {
        return send(new Request.Builder().url(url.build()).post(json(body)).build())
                .body();
    }

    JsonNode patch(HttpUrl.Builder url, JsonNode body) {
        return send(new Request.Builder().url(url.build()).patch(json(body)).build())
                .body();
    }

    private static RequestBody json(JsonNode body) {
        return RequestBody.create(body.toString(), JSON_TYPE);
    }

    private sealed interface Result {}

    private record Page(JsonNode body, Optional<HttpUrl> next) implements Result {}

    /** @param retryAfter empty if a retry cannot succeed */
    private record Failure(String cause, Optional<Duration> retryAfter) implements Result {

        String fix() {
            if (retryAfter.isPresent()) {
                return "run the job again later; https://www.githubstatus.com reports outages.";
            }
            return cause.startsWith("HTTP 40") // 401, 403, 404
                    ? "grant the token pull-requests: write for comments, and issues: write for issues."
                    : "check GITHUB_REPOSITORY and GITHUB_API_URL.";
        }
    }

    private Page send(Request request) {
        var authorized = request.newBuilder()
                .header("Authorization", "Bearer " + token.reveal())
                .header("Accept", "application/vnd.github+json")
                .header("X-GitHub-Api-Version", "2022-11-28")
                .build();
        var waited = Duration.ZERO;
        for (int attempt = 1; ; attempt++) {
            var result = attempt(authorized, attempt);
            if (result instanceof Page page) {
                return page;
            }
            var failure = (Failure) result;
            var delay = failure.retryAfter().orElse(Duration.ZERO);
            waited = waited.plus(delay);
            if (failure.retryAfter().isEmpty() || attempt == MAX_ATTEMPTS || waited.compareTo(MAX_WAIT) > 0) {
                throw new GitHubException("GitHub request failed: " + request.method() + " " + request.url() + ": "
                        + failure.cause() + ".\nFix: " + failure.fix());
            }
            pause(delay);
        }
    }

    private Result attempt(Request request, int attempt) {
        try (Response response = http.newCall(request).execute()) {
            return response.isSuccessful()
                    ? page(response)
                    : new Failure(
                            "HTTP " + response.code() + ": " + message(response),
                            Backoff.after(response, attempt, Instant.now()));
        } catch (InterruptedIOException e) {
            return new Failure("no response within 30 s", Optional.of(Backoff.backoff(attempt)));
        } catch (IOException e) {
            return new Failure(e.toString(), Optional.of(Backoff.backoff(attempt)));
        }
    }

    private Page page(Response response) throws IOException {
        JsonNode body = JSON.readTree(response.body().bytes());
        var next = NEXT.matcher(String.join(",", response.headers("Link")));
        return new Page(body, next.find() ? sameServer(next.group(1)) : Optional.empty());
    }

    /** Never sends the token to another server. */
    private Optional<HttpUrl> sameServer(String url) {
        return Optional.ofNullable(HttpUrl.parse(url))
                .filter(next -> next.host().equals(repository.host())
                        && next.port() == repository.port()
                        && next.scheme().equals(repository.scheme()));
    }

    private static String message(Response response) throws IOException {
        try {
            return JSON.readTree(response.body().bytes()).path("message").asText("no message");
        } catch (JsonProcessingException e) {
            return "no message";
        }
    }

    private void pause(Duration time) {
        try {
            sleeper.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitHubException("the request to GitHub was interrupted.\nFix: run the same command again.", e);
        }
    }
}
