package io.sharedinference.program;

import com.pulumi.Context;
import com.pulumi.core.Output;
import io.sharedinference.project.CaCertificates;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.secrets.Token;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Outputs of the shared stack and their names, for the stack that exports them and those that read them. One output per token,
 * since an output that contains a secret is secret as a whole.
 *
 * @param serviceUsers service users by tenant; the last one's token is exported
 * @param tokens       tokens by tenant; secret
 */
public record SharedOutputs(
        URI inferenceApiUrl,
        Optional<CaCertificates> inferenceApiCa,
        URI iamUrl,
        String namespace,
        Map<String, List<String>> serviceUsers,
        Map<String, Output<String>> tokens) {

    public static final String INFERENCE_API_URL = "inferenceApiUrl";
    public static final String INFERENCE_API_CA = "inferenceApiCa";
    static final String IAM_URL = "iamUrl";
    public static final String NAMESPACE = "namespace";
    static final String TENANTS = "tenants";
    public static final String SERVICE_USERS = "serviceUsers";
    private static final String TOKEN_PREFIX = "token-";

    /** Name of the secret output with a tenant's token. */
    public static String tokenOutput(String tenant) {
        return TOKEN_PREFIX + tenant;
    }

    /** The tenant whose token is in the output of this name; empty for other outputs. */
    public static Optional<String> tokenOwner(String output) {
        return Optional.of(output)
                .filter(name -> name.startsWith(TOKEN_PREFIX))
                .map(name -> name.substring(TOKEN_PREFIX.length()));
    }

    /** @param current tokens to export, by service user */
    static SharedOutputs of(SharedConfig config, Output<Map<String, Token>> current) {
        var serviceUsers = new LinkedHashMap<String, List<String>>();
        var tokens = new LinkedHashMap<String, Output<String>>();
        config.serviceUsers().forEach(users -> {
            serviceUsers.put(users.tenant(), users.names());
            if (config.tokenOutputs()) {
                tokens.put(
                        users.tenant(),
                        current.applyValue(all -> Optional.ofNullable(all.get(users.current()))
                                .orElseThrow()
                                .reveal()));
            }
        });
        var installation = config.installation();
        return new SharedOutputs(
                installation.inferenceApiUrl(),
                config.inferenceApiCa(),
                installation.iamUrl(),
                installation.namespace(),
                serviceUsers,
                tokens);
    }

    /** Exports the outputs of a hand-over stack, with the token of one tenant. */
    static void exportHandover(Context ctx, HandoverConfig config, Output<String> token) {
        export(ctx, config.inferenceApiUrl(), config.inferenceApiCa());
        ctx.export(tokenOutput(config.tenant()), token.asSecret());
    }

    private static void export(Context ctx, URI inferenceApiUrl, Optional<CaCertificates> ca) {
        ctx.export(INFERENCE_API_URL, Output.of(inferenceApiUrl.toString()));
        ca.ifPresent(certificates -> {
            ctx.export(INFERENCE_API_CA, Output.of(certificates.pem()));
            if (certificates.validUntil().isBefore(Instant.now())) {
                ctx.log()
                        .warn(
                                "%1$s expired on %2$s: clients may reject certificates that it signed."
                                        + "\nFix: set the renewed CA certificate with pulumi config set %1$s < ca.pem.",
                                Key.INFERENCE_API_CA.key(), certificates.validUntil());
            }
        });
    }

    void export(Context ctx) {
        export(ctx, inferenceApiUrl, inferenceApiCa);
        ctx.export(IAM_URL, Output.of(iamUrl.toString()));
        ctx.export(NAMESPACE, Output.of(namespace));
        ctx.export(TENANTS, Output.of(List.copyOf(serviceUsers.keySet())));
        ctx.export(SERVICE_USERS, Output.of(serviceUsers));
        tokens.forEach((tenant, token) -> ctx.export(tokenOutput(tenant), token.asSecret()));
    }
}
