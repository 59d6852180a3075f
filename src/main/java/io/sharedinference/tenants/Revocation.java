package io.sharedinference.tenants;

import io.sharedinference.secrets.Token;
import io.sharedinference.verify.TokenCheck;
import java.time.Duration;
import java.util.List;

/**
 * The confirmation that tokens are revoked: the shared API refuses them, and goes on doing so. One refusal says nothing of
 * the IAM's other pods: the old ones accept a token while they end, and answer every few requests.
 */
final class Revocation {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STEADY = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(300);

    private final Project project;
    private final String stack;
    private final Duration steady;

    /** @param stack the shared one */
    Revocation(Project project, String stack) {
        this(project, stack, STEADY);
    }

    /** @param steady how long every request has to be refused */
    Revocation(Project project, String stack, Duration steady) {
        this.project = project;
        this.stack = stack;
        this.steady = steady;
    }

    /** Waits until all are refused each time. */
    String confirm(List<Token> tokens) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        tokens.forEach(token -> awaitRefusal(token, deadline));
        long since = System.nanoTime();
        while (!tokens.isEmpty() && System.nanoTime() - since < steady.toNanos()) {
            Pause.of(POLL);
            for (Token token : tokens) {
                since = awaitRefusal(token, deadline) ? System.nanoTime() : since;
            }
        }
        return (tokens.size() == 1 ? "1 token is refused" : tokens.size() + " tokens are refused") + " with 401";
    }

    /** @return whether it had to wait */
    private boolean awaitRefusal(Token token, long deadline) {
        var api = project.sharedApi(stack, token);
        var answer = project.tokenCheck().check(api);
        var waited = false;
        while (!(answer instanceof TokenCheck.Result.Rejected)) {
            if (System.nanoTime() > deadline) {
                throw new LifecycleException(describe(token, answer));
            }
            waited = true;
            Pause.of(POLL);
            answer = project.tokenCheck().check(api);
        }
        return waited;
    }

    private String describe(Token token, TokenCheck.Result answer) {
        String why = answer instanceof TokenCheck.Result.Unknown unknown ? unknown.reason() : "it is still accepted";
        return "it isn't proven that the old token " + token.fingerprint() + " is dead: " + why
                + ". Look whether the shared IAM's pods are the new ones, then run the same command again.";
    }
}
