package io.sharedinference.shared;

import com.pulumi.Context;
import com.pulumi.resources.StackReference;
import com.pulumi.resources.StackReferenceArgs;
import io.sharedinference.config.Problem;
import io.sharedinference.config.Problems;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.release.Token;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What one tenant gets from the shared stack: where its API is, in which namespace it runs, and this tenant's token.
 */
public record SharedAccess(URI inferenceApiUrl, String namespace, Token token) {

    private static final int TIMEOUT_SECONDS = 60;

    /**
     * Reads the shared stack's outputs and waits for them, so that what they lack is known before anything is declared.
     *
     * @return empty when something is missing; that is then among the problems
     */
    public static Optional<SharedAccess> read(Context ctx, TenantConfig config, Problems problems) {
        var stack = config.sharedStack();
        var missing = StackProbe.missing(stack);
        if (missing.isPresent()) {
            problems.add(new Problem(
                    "shared-inference:sharedStack",
                    Optional.of(stack),
                    "can't be read: " + missing.get(),
                    "deploy it first: " + up(stack)
                            + "; or correct the name (`pulumi stack ls --all` lists what this backend has)"));
            return Optional.empty();
        }
        var reference = new StackReference(
                "shared", StackReferenceArgs.builder().name(stack).build());
        return new Reader(reference, stack, config.tenant(), problems).read();
    }

    private static String up(String stack) {
        return "pulumi up --stack " + stack;
    }

    private record Reader(StackReference reference, String stack, String tenant, Problems problems) {

        Optional<SharedAccess> read() {
            var url = output(SharedOutputs.INFERENCE_API_URL)
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(text -> !text.isBlank());
            if (url.isEmpty()) {
                problems.add(new Problem(
                        stack,
                        "has no output '" + SharedOutputs.INFERENCE_API_URL
                                + "': it isn't deployed yet, or is no shared stack",
                        "run " + up(stack)));
                return Optional.empty();
            }
            var namespace =
                    output(SharedOutputs.NAMESPACE).map(Object::toString).orElse("");
            return known()
                    ? token().map(token -> new SharedAccess(URI.create(url.get()), namespace, token))
                    : Optional.empty();
        }

        private boolean known() {
            var tenants = output(SharedOutputs.TENANTS)
                    .filter(List.class::isInstance)
                    .map(list -> (List<?>) list)
                    .orElse(List.of());
            var isHandover = output(SharedOutputs.TENANTS).isEmpty();
            if (isHandover || problems.about("shared-inference:tenant") || tenants.contains(tenant)) {
                return !problems.about("shared-inference:tenant");
            }
            problems.add(new Problem(
                    "shared-inference:tenant",
                    Optional.of(tenant),
                    "is no tenant of " + stack + ", which has: " + tenants,
                    "add it there: pulumi config set --stack " + stack + " --path 'shared-inference:tenants["
                            + tenants.size() + "]' " + tenant + ", then " + up(stack)));
            return false;
        }

        private Optional<Token> token() {
            var name = SharedOutputs.tokenOf(tenant);
            var value = output(name);
            var wrong = value.isEmpty()
                    ? "isn't there"
                    : value.get() instanceof Map<?, ?>
                            ? "can't be decrypted here" // the engine leaves {} in the place of such a secret
                            : !(value.get() instanceof String text) || text.isBlank() ? "is blank" : "";
            if (wrong.isEmpty()) {
                return value.map(text -> Token.of((String) text));
            }
            problems.add(new Problem(
                    stack + ": " + name,
                    "the secret output " + wrong,
                    wrong.equals("can't be decrypted here")
                            ? "give this shell the passphrase or the rights on the key of " + stack
                                    + "; `pulumi stack output --show-secrets --stack " + stack + "` tries the same"
                            : "run " + up(stack)
                                    + "; if that stack keeps its tokens to itself (tokenOutputs), name this tenant's hand-over stack in shared-inference:sharedStack; "
                                    + "otherwise see whether the chart's IAM made the Secret pharia-iam-service-user-"
                                    + tenant));
            return Optional.empty();
        }

        private Optional<Object> output(String name) {
            var details = await(reference.outputDetailsAsync(name));
            return details.getSecretValue().or(details::getValue);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the backend didn't answer within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the backend", e);
        }
    }
}
