package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.deployment.Deployment;
import com.pulumi.resources.StackReference;
import com.pulumi.resources.StackReferenceArgs;
import io.sharedinference.project.CaCertificates;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
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
 *
 * @param inferenceApiCa the CA certificates, in PEM, to check the API's own with; empty for the public ones
 * @param token          empty only in a preview, when the shared stack's own {@code pulumi up} is yet to make it
 */
record SharedAccess(URI inferenceApiUrl, Optional<String> inferenceApiCa, String namespace, Optional<Token> token) {

    private static final int TIMEOUT_SECONDS = 60;
    private static final String TENANT = "shared-inference:tenant";

    /**
     * Reads the shared stack's outputs and waits for them, so that what they lack is known before anything is declared. In a
     * preview the stack's file stands in for outputs that its next {@code pulumi up} makes, so that a pull request can bring
     * a tenant as a whole.
     *
     * @param source what that file says; empty when the stack isn't one of this project's
     * @return empty when something is missing; that is then among the problems
     */
    public static Optional<SharedAccess> read(
            Context ctx, TenantConfig config, Optional<StackConfig> source, Problems problems) {
        if (problems.about("shared-inference:sharedStack")) {
            return Optional.empty(); // no stack to ask
        }
        var stack = config.sharedStack();
        var announced = Deployment.getInstance().isDryRun() && !problems.about(TENANT)
                ? source.flatMap(file -> announced(file, config.tenant()))
                : Optional.<SharedAccess>empty();
        var missing = StackProbe.missing(stack);
        var access = missing.isPresent()
                ? announced.filter(file -> missing.get().contains(StackProbe.UNKNOWN))
                : new Reader(reference(stack), stack, config.tenant(), announced, problems).read();
        if (missing.isPresent() && access.isEmpty()) {
            problems.add(new Problem(
                    "shared-inference:sharedStack",
                    Optional.of(stack),
                    "can't be read: " + missing.get(),
                    "deploy it first: " + up(stack)
                            + "; or correct the name (`pulumi stack ls --all` lists what this backend has)"));
        }
        access.filter(there -> there.token().isEmpty())
                .ifPresent(there -> ctx.log()
                        .warn(
                                "%s",
                                "the token of tenant " + config.tenant() + " isn't there yet: " + up(stack)
                                        + " makes it, and has to go first"));
        return access;
    }

    private static Optional<SharedAccess> announced(StackConfig source, String tenant) {
        if (source instanceof SharedConfig shared
                && shared.tokenOutputs()
                && shared.tenants().contains(tenant)) {
            var installation = shared.installation();
            return Optional.of(new SharedAccess(
                    installation.inferenceApiUrl(),
                    pem(shared.inferenceApiCa()),
                    installation.namespace(),
                    Optional.empty()));
        }
        return source instanceof HandoverConfig handover && handover.tenant().equals(tenant)
                ? Optional.of(new SharedAccess(
                        handover.inferenceApiUrl(), pem(handover.inferenceApiCa()), "", Optional.empty()))
                : Optional.empty();
    }

    private static Optional<String> pem(Optional<CaCertificates> ca) {
        return ca.map(CaCertificates::pem);
    }

    private static StackReference reference(String stack) {
        return new StackReference(
                "shared", StackReferenceArgs.builder().name(stack).build());
    }

    private static String up(String stack) {
        return "pulumi up --stack " + stack;
    }

    private record Reader(
            StackReference reference,
            String stack,
            String tenant,
            Optional<SharedAccess> announced,
            Problems problems) {

        Optional<SharedAccess> read() {
            var url = text(SharedOutputs.INFERENCE_API_URL);
            if (url.isEmpty() && announced.isPresent()) {
                return announced;
            }
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
            var ca = text(SharedOutputs.INFERENCE_API_CA);
            if (announced.isPresent()
                    && output(SharedOutputs.tokenOutput(tenant)).isEmpty()) {
                return Optional.of(new SharedAccess(URI.create(url.get()), ca, namespace, Optional.empty()));
            }
            return known()
                    ? token().map(token -> new SharedAccess(URI.create(url.get()), ca, namespace, Optional.of(token)))
                    : Optional.empty();
        }

        private boolean known() {
            var tenants = output(SharedOutputs.TENANTS)
                    .filter(List.class::isInstance)
                    .map(list -> (List<?>) list)
                    .orElse(List.of());
            var isHandover = output(SharedOutputs.TENANTS).isEmpty();
            if (isHandover || problems.about(TENANT) || tenants.contains(tenant)) {
                return !problems.about(TENANT);
            }
            problems.add(new Problem(
                    TENANT,
                    Optional.of(tenant),
                    "is no tenant of " + stack + ", which has: " + tenants,
                    "add it there: pulumi config set --stack " + stack + " --path 'shared-inference:tenants["
                            + tenants.size() + "]' " + tenant + ", then " + up(stack)));
            return false;
        }

        private Optional<Token> token() {
            var name = SharedOutputs.tokenOutput(tenant);
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

        private Optional<String> text(String name) {
            return output(name)
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(text -> !text.isBlank());
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
            throw new IllegalStateException(
                    "the backend didn't answer within " + TIMEOUT_SECONDS
                            + " s when it was asked for a stack's outputs. Look whether pulumi stack ls works, then run this again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the backend", e);
        }
    }
}
