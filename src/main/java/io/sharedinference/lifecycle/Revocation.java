package io.sharedinference.lifecycle;

import io.sharedinference.release.Token;
import io.sharedinference.verify.Access;
import java.time.Duration;
import java.util.List;

/** The proof that tokens are dead: the shared API refuses them. */
final class Revocation {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(300);

    private final Place place;
    private final String stack;

    /** @param stack the shared one */
    Revocation(Place place, String stack) {
        this.place = place;
        this.stack = stack;
    }

    /** Waits until all are refused. */
    String prove(List<Token> tokens) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        tokens.forEach(token -> prove(token, deadline));
        return (tokens.size() == 1 ? "1 token is refused" : tokens.size() + " tokens are refused") + " with 401";
    }

    private void prove(Token token, long deadline) {
        var api = place.sharedApi(stack, token);
        var answer = place.access().of(api);
        while (!(answer instanceof Access.Result.Refused)) {
            if (System.nanoTime() > deadline) {
                throw new LifecycleException(describe(token, answer));
            }
            Pause.of(POLL);
            answer = place.access().of(api);
        }
    }

    private String describe(Token token, Access.Result answer) {
        String why = answer instanceof Access.Result.Unknown unknown ? unknown.why() : "it is still accepted";
        return "it isn't proven that the old token " + token.fingerprint() + " is dead: " + why
                + ". Look whether the shared IAM's pods are the new ones, then run the same command again.";
    }
}
