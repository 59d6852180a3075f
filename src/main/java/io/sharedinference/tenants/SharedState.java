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
 * A shared installation as its stack's outputs and its cluster show it.
 *
 * @param cluster empty when the stack is another project's
 * @param trouble why the outputs couldn't be read; blank if they could
 */
record SharedState(String stack, JsonNode outputs, Optional<ClusterConfig> cluster, String trouble) {

    /** @param config empty when the stack is another project's */
    static SharedState read(String stack, Optional<SharedConfig> config, Engine engine) {
        var cluster = config.map(shared -> shared.installation().cluster());
        try {
            return new SharedState(stack, engine.outputs(stack), cluster, "");
        } catch (EngineException e) {
            return new SharedState(stack, MissingNode.getInstance(), cluster, e.getMessage());
        }
    }

    /** The shared API as this tenant calls it; empty if the stack has no token for it, or couldn't be read. */
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
