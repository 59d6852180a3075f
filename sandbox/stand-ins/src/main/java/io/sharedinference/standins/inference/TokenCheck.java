package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.standins.server.HttpError;
import io.sharedinference.standins.server.Token;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Checks tokens at the IAM, without a cache. Thread-safe. */
final class TokenCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUTHENTICATION_ONLY = "{\"permissions\":[]}";
    private static final String EXECUTE_JOBS = "{\"permissions\":[{\"permission\":\"ExecuteJobs\"}]}";
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int ATTEMPTS = 4;
    private static final int RETRY_DELAY_MILLIS = 250;

    private final URL checkUser;

    /** @throws IllegalArgumentException if it is not an http(s) URL */
    TokenCheck(URI iam) {
        try {
            this.checkUser = iam.resolve("/check_user").toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("IAM_URL is not an http(s) URL: " + iam, e);
        }
    }

    /**
     * Returns the {@code sub} of the token's user.
     *
     * @throws HttpError 401 if the token is invalid, 503 if the IAM is unavailable
     */
    String authenticate(Token token) {
        return check(token, AUTHENTICATION_ONLY).path("sub").asText();
    }

    /**
     * Returns the {@code sub} of the token's user, who must be allowed to run jobs.
     *
     * @throws HttpError like {@link #authenticate}, and 403 if the user is not allowed to
     */
    String authorizeJob(Token token) {
        JsonNode user = check(token, EXECUTE_JOBS);
        if (user.path("permissions").isEmpty()) {
            throw new HttpError(403, "permission_denied", "the permission ExecuteJobs is missing");
        }
        return user.path("sub").asText();
    }

    /** Retries failed connections: the IAM's pod may be restarting, and {@code check_user} is idempotent. */
    private JsonNode check(Token token, String permissions) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call(token, permissions);
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw unavailable(e.toString());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_DELAY_MILLIS));
            }
        }
    }

    private JsonNode call(Token token, String permissions) throws IOException {
        HttpURLConnection connection = connect(token);
        connection.getOutputStream().write(permissions.getBytes(StandardCharsets.UTF_8));
        return switch (connection.getResponseCode()) {
            case 200 -> JSON.readTree(connection.getInputStream().readAllBytes());
            case 401 -> throw HttpError.unauthenticated();
            default -> throw unavailable("status " + connection.getResponseCode());
        };
    }

    /** A connection per call: a reused one would keep calling a replaced IAM pod, which has outdated users. */
    private HttpURLConnection connect(Token token) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) checkUser.openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setDoOutput(true);
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Authorization", token.authorization());
        return connection;
    }

    private HttpError unavailable(String cause) {
        return new HttpError(503, "iam_unavailable", checkUser + " is unavailable: " + cause);
    }
}
