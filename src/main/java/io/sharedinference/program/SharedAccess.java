package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.deployment.Deployment;
import com.pulumi.resources.StackReference;
import com.pulumi.resources.StackReferenceArgs;
import io.sharedinference.project.CaCertificates;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackName;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Access of a tenant to the shared installation, read from the shared stack's or a hand-over stack's outputs.
 *
 * @param inferenceApiCa CA certificates in PEM for the API's certificate; empty if a public CA signed it
 * @param token          empty only in a preview, if the shared stack has not created it yet
 */
record SharedAccess(URI inferenceApiUrl, Optional<String> inferenceApiCa, String namespace, Optional<Token> token) {

    /**
     * Reads the outputs and waits for them, so that problems are found before any resource is declared. In a preview, the
     * stack's file replaces outputs that its next {@code pulumi up} creates, so that one pull request can add a tenant.
     *
     * @param source configuration of the stack to read; empty if it belongs to another project
     * @return empty if something is missing, with problems added
     */
    static Optional<SharedAccess> read(
            Context ctx, TenantConfig config, Optional<StackConfig> source, Problems problems) {
        if (problems.about(config.installation().key(Key.SHARED_STACK))) {
            return Optional.empty();
        }
        var planned = Deployment.getInstance().isDryRun()
                        && !problems.about(config.installation().key(Key.TENANT))
                ? source.flatMap(stack -> planned(stack, config.tenant()))
                : Optional.<SharedAccess>empty();
        var access = read(config, planned, problems);
        access.filter(read -> read.token().isEmpty())
                .ifPresent(read -> ctx.log()
                        .warn(
                                "%s",
                                "the token of the tenant " + config.tenant()
                                        + " does not exist yet: the shared stack creates it.\nFix: run "
                                        + up(config.sharedStack()) + " first."));
        return access;
    }

    private static Optional<SharedAccess> read(TenantConfig config, Optional<SharedAccess> planned, Problems problems) {
        var stack = config.sharedStack();
        var failure = StackProbe.failure(stack);
        if (failure.isEmpty()) {
            return new Reader(config.installation(), reference(stack), stack, config.tenant(), planned, problems)
                    .read();
        }
        if (planned.isPresent() && failure.get().contains(StackProbe.UNKNOWN)) {
            return planned;
        }
        problems.add(new Problem(
                config.installation().key(Key.SHARED_STACK),
                Optional.of(stack.toString()),
                "cannot be read: " + failure.get(),
                "deploy it with " + up(stack) + ", or correct the name (pulumi stack ls --all lists the stacks)"));
        return Optional.empty();
    }

    /** Access as the stack's file declares it, without the token. */
    private static Optional<SharedAccess> planned(StackConfig source, String tenant) {
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

    private static StackReference reference(StackName stack) {
        return new StackReference(
                "shared", StackReferenceArgs.builder().name(stack.toString()).build());
    }

    private static String up(StackName stack) {
        return "pulumi up --stack " + stack;
    }

    private record Reader(
            InstallationConfig own,
            StackReference reference,
            StackName stack,
            String tenant,
            Optional<SharedAccess> planned,
            Problems problems) {

        Optional<SharedAccess> read() {
            var url = string(SharedOutputs.INFERENCE_API_URL);
            if (url.isEmpty() && planned.isPresent()) {
                return planned;
            }
            if (url.isEmpty()) {
                problems.add(new Problem(
                        stack.toString(),
                        "output '" + SharedOutputs.INFERENCE_API_URL
                                + "' not found: the stack is not deployed or has another role",
                        "run " + up(stack)));
                return Optional.empty();
            }
            if (planned.isPresent() && output(SharedOutputs.tokenOutput(tenant)).isEmpty()) {
                return Optional.of(access(url.get(), Optional.empty()));
            }
            return isListed() ? token().map(token -> access(url.get(), Optional.of(token))) : Optional.empty();
        }

        private SharedAccess access(String url, Optional<Token> token) {
            var namespace =
                    output(SharedOutputs.NAMESPACE).map(Object::toString).orElse("");
            return new SharedAccess(URI.create(url), string(SharedOutputs.INFERENCE_API_CA), namespace, token);
        }

        /** A hand-over stack has no list of tenants. */
        private boolean isListed() {
            if (problems.about(own.key(Key.TENANT))) {
                return false;
            }
            var tenants = output(SharedOutputs.TENANTS).map(value -> value instanceof List<?> list ? list : List.of());
            if (tenants.isEmpty() || tenants.get().contains(tenant)) {
                return true;
            }
            problems.add(new Problem(
                    own.key(Key.TENANT),
                    Optional.of(tenant),
                    "tenant is not listed in " + stack + ", which has " + tenants.get(),
                    "add it with pulumi config set --stack " + stack + " --path '" + Key.TENANTS.of(stack) + "["
                            + tenants.get().size() + "]' " + tenant + ", then run " + up(stack)));
            return false;
        }

        private Optional<Token> token() {
            var value = output(SharedOutputs.tokenOutput(tenant));
            if (value.isEmpty()) {
                return missingToken("secret output not found");
            }
            if (value.get() instanceof Map<?, ?>) { // the engine's placeholder for a secret that it cannot decrypt
                return tokenProblem(
                        "secret output cannot be decrypted",
                        "provide the passphrase or access to the key of " + stack
                                + ", and check with pulumi stack output --show-secrets --stack " + stack);
            }
            return value.get() instanceof String text && !text.isBlank()
                    ? Optional.of(Token.of(text))
                    : missingToken("secret output is blank");
        }

        private Optional<Token> missingToken(String cause) {
            return tokenProblem(
                    cause,
                    "run " + up(stack) + "; if that stack has " + Key.TOKEN_OUTPUTS.key() + " set to false, set "
                            + own.key(Key.SHARED_STACK)
                            + " to the tenant's hand-over stack; otherwise check that the chart's IAM created the Secret "
                            + ServiceUsers.SECRET_PREFIX + tenant);
        }

        private Optional<Token> tokenProblem(String cause, String remedy) {
            problems.add(new Problem(stack + ": " + SharedOutputs.tokenOutput(tenant), cause, remedy));
            return Optional.empty();
        }

        private Optional<String> string(String name) {
            return output(name)
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(text -> !text.isBlank());
        }

        private Optional<Object> output(String name) {
            var details = StackProbe.await(reference.outputDetailsAsync(name));
            return details.getSecretValue().or(details::getValue);
        }
    }
}
