package io.sharedinference.tenants;

import io.sharedinference.concurrency.Poll;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.TokenCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Confirms that tokens are revoked: the shared API rejects them consistently. A single rejection is not enough, since
 * terminating IAM pods still accept the token and serve some of the requests.
 */
final class Revocation {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(300);

    private final Project project;
    private final String stack;
    private final Duration window;

    /** @param stack the shared stack */
    Revocation(Project project, String stack) {
        this(project, stack, WINDOW);
    }

    /** @param window how long every request has to be rejected */
    Revocation(Project project, String stack, Duration window) {
        this.project = project;
        this.stack = stack;
        this.window = window;
    }

    /** Waits until all are rejected for the whole window. */
    String confirm(List<Token> tokens) {
        if (!tokens.isEmpty()) {
            var observation = new Observation(tokens);
            Poll.within(TIMEOUT.plus(window), INTERVAL)
                    .await(observation::missing, reason -> {}, LifecycleException::new);
        }
        return (tokens.size() == 1 ? "1 token is rejected" : tokens.size() + " tokens are rejected") + " with 401";
    }

    /** What the shared API answers, over time. */
    private final class Observation {

        private final List<Token> tokens;
        private long rejectedSince = System.nanoTime();
        private String lastFailure = "";

        Observation(List<Token> tokens) {
            this.tokens = tokens;
        }

        /** Why the revocation is not confirmed yet; empty if it is. */
        Optional<String> missing() {
            var failure =
                    tokens.stream().flatMap(token -> failure(token).stream()).findFirst();
            failure.ifPresent(found -> {
                lastFailure = found;
                rejectedSince = System.nanoTime();
            });
            boolean confirmed = failure.isEmpty() && System.nanoTime() - rejectedSince >= window.toNanos();
            return confirmed ? Optional.empty() : Optional.of(lastFailure);
        }
    }

    private Optional<String> failure(Token token) {
        var result = project.tokenCheck().check(project.sharedApi(stack, token));
        return result instanceof TokenCheck.Result.Rejected ? Optional.empty() : Optional.of(describe(token, result));
    }

    private String describe(Token token, TokenCheck.Result result) {
        String reason = result instanceof TokenCheck.Result.Unknown unknown
                ? unknown.reason()
                : "the shared API still accepts it";
        return "the revocation of the old token " + token.fingerprint() + " is not confirmed: " + reason
                + ".\nFix: check that the pods of the shared IAM have been replaced, then run the same command again.";
    }
}
