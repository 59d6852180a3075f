package io.sharedinference.tenants;

import io.sharedinference.secrets.Token;
import io.sharedinference.verify.TokenCheck;
import java.time.Duration;
import java.util.List;

/**
 * Confirms that tokens are revoked: the shared API rejects them consistently. A single rejection is not enough, since
 * terminating IAM pods still accept the token and serve some of the requests.
 */
final class Revocation {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(300);

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
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        tokens.forEach(token -> awaitRejection(token, deadline));
        long since = System.nanoTime();
        while (!tokens.isEmpty() && System.nanoTime() - since < window.toNanos()) {
            Pause.of(POLL);
            for (Token token : tokens) {
                since = awaitRejection(token, deadline) ? System.nanoTime() : since;
            }
        }
        return (tokens.size() == 1 ? "1 token is rejected" : tokens.size() + " tokens are rejected") + " with 401";
    }

    /** @return whether the token was still accepted */
    private boolean awaitRejection(Token token, long deadline) {
        var api = project.sharedApi(stack, token);
        var result = project.tokenCheck().check(api);
        var accepted = false;
        while (!(result instanceof TokenCheck.Result.Rejected)) {
            if (System.nanoTime() > deadline) {
                throw new LifecycleException(describe(token, result));
            }
            accepted = true;
            Pause.of(POLL);
            result = project.tokenCheck().check(api);
        }
        return accepted;
    }

    private String describe(Token token, TokenCheck.Result result) {
        String reason = result instanceof TokenCheck.Result.Unknown unknown
                ? unknown.reason()
                : "the shared API still accepts it";
        return "the revocation of the old token " + token.fingerprint() + " is not confirmed: " + reason
                + ".\nFix: check that the pods of the shared IAM have been replaced, then run the same command again.";
    }
}
