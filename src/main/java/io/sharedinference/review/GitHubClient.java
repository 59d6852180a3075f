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

/** GitHub's REST API for one repository: pages followed, and requests repeated when the server fails or asks to wait. */
final class GitHubClient {

    /** Waits; tests don't. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
    private static final int ATTEMPTS = 5;
    private static final int MOST_PAGES = 100;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5); // of one request, all its repetitions together

    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(Duration.ofSeconds(30))
            .followRedirects(false)
            .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
            .build();
    private final HttpUrl repository;
    private final Token token;
    private final Pause pause;

    /** @param repository the API's URL of it, {@code https://api.github.com/repos/owner/name} */
    GitHubClient(HttpUrl repository, Token token, Pause pause) {
        this.repository = repository;
        this.token = token;
        this.pause = pause;
    }

    HttpUrl.Builder url(String path) {
        return repository.newBuilder().addPathSegments(path);
    }

    /** All pages' elements. */
    List<JsonNode> list(HttpUrl.Builder url) {
        List<JsonNode> all = new ArrayList<>();
        Optional<HttpUrl> next =
                Optional.of(url.addQueryParameter("per_page", "100").build());
        for (int page = 0; next.isPresent() && page < MOST_PAGES; page++) {
            Answer answer = send(new Request.Builder().url(next.get()).build());
            answer.body().forEach(all::add);
            next = answer.next();
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

    private record Answer(JsonNode body, Optional<HttpUrl> next) {}

    private Answer send(Request request) {
        Request authorized = request.newBuilder()
                .header("Authorization", "Bearer " + token.reveal())
                .header("Accept", "application/vnd.github+json")
                .header("X-GitHub-Api-Version", "2022-11-28")
                .build();
        Duration waited = Duration.ZERO;
        for (int attempt = 1; ; attempt++) {
            Optional<Duration> wait;
            String trouble;
            try (Response response = http.newCall(authorized).execute()) {
                if (response.isSuccessful()) {
                    return answer(response);
                }
                wait = Backoff.after(response, attempt, Instant.now());
                trouble = "HTTP " + response.code() + ": " + message(response);
            } catch (InterruptedIOException e) {
                wait = Optional.of(Backoff.backoff(attempt));
                trouble = "no response within 30 s";
            } catch (IOException e) {
                wait = Optional.of(Backoff.backoff(attempt));
                trouble = e.toString();
            }
            waited = waited.plus(wait.orElse(Duration.ZERO));
            if (wait.isEmpty() || attempt == ATTEMPTS || waited.compareTo(LONGEST_WAIT) > 0) {
                throw new GitHubException(request.method() + " " + request.url() + " failed: " + trouble + ". "
                        + remedy(trouble, wait.isPresent()));
            }
            pause(wait.get());
        }
    }

    private Answer answer(Response response) throws IOException {
        JsonNode body = JSON.readTree(response.body().bytes());
        var next = NEXT.matcher(String.join(",", response.headers("Link")));
        return new Answer(body, next.find() ? sameServer(next.group(1)) : Optional.empty());
    }

    /** The token goes to nobody else, whatever a header says. */
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

    private static String remedy(String trouble, boolean passing) {
        if (passing) {
            return "Run the job again later; https://www.githubstatus.com reports outages.";
        }
        return trouble.contains("40") // 401, 403, 404
                ? "Check the token's permissions: comments require pull-requests: write, issues require issues: write."
                : "Look at what was sent.";
    }

    private void pause(Duration time) {
        try {
            pause.of(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitHubException("interrupted while waiting for GitHub", e);
        }
    }
}
