package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.standins.server.Refusal;
import io.sharedinference.standins.server.Token;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks the IAM about a caller's token, on every call anew. Thread-safe. */
final class TokenCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTHING_MORE = "{\"permissions\":[]}";
    private static final String EXECUTE_JOBS = "{\"permissions\":[{\"permission\":\"ExecuteJobs\"}]}";
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int ATTEMPTS = 4;
    private static final int WAIT_MILLIS = 250;

    private final URL checkUser;

    /** @throws IllegalArgumentException when it is no http(s) URL */
    TokenCheck(URI iam) {
        try {
            this.checkUser = iam.resolve("/check_user").toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("the IAM's address is no http(s) URL: " + iam, e);
        }
    }

    /**
     * The {@code sub} of the token's holder.
     *
     * @throws Refusal 401 for a token that nobody holds, 503 when the IAM doesn't answer
     */
    String authenticate(Token token) {
        return ask(token, NOTHING_MORE).path("sub").asText();
    }

    /**
     * The {@code sub} of the token's holder, who may run jobs.
     *
     * @throws Refusal as {@link #authenticate}, and 403 for a holder who may not
     */
    String authorizeJob(Token token) {
        JsonNode answer = ask(token, EXECUTE_JOBS);
        if (answer.path("permissions").isEmpty()) {
            throw new Refusal(403, "permission_denied", "the token's holder lacks the permission ExecuteJobs");
        }
        return answer.path("sub").asText();
    }

    /** Asked again when there is no answer: the IAM's pod may just be replaced, and the question changes nothing. */
    private JsonNode ask(Token token, String permissions) {
        for (int attempt = 1; ; attempt++) {
            try {
                return askOnce(token, permissions);
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw unavailable(e.toString());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS));
            }
        }
    }

    private JsonNode askOnce(Token token, String permissions) throws IOException {
        HttpURLConnection connection = connect(token);
        connection.getOutputStream().write(permissions.getBytes(StandardCharsets.UTF_8));
        return switch (connection.getResponseCode()) {
            case 200 -> JSON.readTree(connection.getInputStream().readAllBytes());
            case 401 -> throw Refusal.unauthenticated();
            default -> throw unavailable("status " + connection.getResponseCode());
        };
    }

    /** A connection for one question: a kept one would go on asking an IAM pod that has a successor with other users. */
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

    private Refusal unavailable(String why) {
        return new Refusal(503, "iam_unavailable", "no answer from " + checkUser + ": " + why);
    }
}
