package io.sharedinference.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.program.SharedOutputs;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.ApiEndpoint;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * The outputs of a shared stack, and its cluster.
 *
 * @param cluster empty if the stack is in another project
 * @param error   the reason why the outputs cannot be read; blank if they were
 */
record SharedStatus(String stack, JsonNode outputs, Optional<ClusterConfig> cluster, String error) {

    /** @param config empty if the stack is in another project */
    static SharedStatus read(String stack, Optional<SharedConfig> config, Engine engine) {
        var cluster = config.map(shared -> shared.installation().cluster());
        try {
            return new SharedStatus(stack, engine.outputs(stack), cluster, "");
        } catch (EngineException e) {
            return new SharedStatus(stack, MissingNode.getInstance(), cluster, e.getMessage());
        }
    }

    /** The shared API with this tenant's token; empty if the stack exports none, or cannot be read. */
    Optional<ApiEndpoint> asTenant(String tenant) {
        return text(SharedOutputs.INFERENCE_API_URL)
                .flatMap(url -> text(SharedOutputs.tokenOutput(tenant))
                        .map(token -> new ApiEndpoint(
                                stack, URI.create(url), Token.of(token), text(SharedOutputs.INFERENCE_API_CA))));
    }

    Optional<Long> tokenDays(String tenant, Function<ClusterConfig, Cluster> clusters) {
        JsonNode users = outputs.path(SharedOutputs.SERVICE_USERS).path(tenant);
        String user = users.isEmpty() ? tenant : users.get(users.size() - 1).asText();
        try {
            return cluster.map(clusters)
                    .flatMap(there -> text(SharedOutputs.NAMESPACE)
                            .flatMap(namespace -> there.secretCreated(namespace, ServiceUsers.SECRET_PREFIX + user)))
                    .map(made -> Duration.between(made, Instant.now()).toDays());
        } catch (ClusterException e) {
            return Optional.empty();
        }
    }

    private Optional<String> text(String output) {
        return Optional.of(outputs.path(output).asText()).filter(text -> !text.isBlank());
    }
}
