package io.sharedinference.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.cluster.Cluster;
import io.sharedinference.cluster.ClusterException;
import io.sharedinference.config.ClusterConfig;
import io.sharedinference.config.ServiceUsers;
import io.sharedinference.config.SharedConfig;
import io.sharedinference.engine.Engine;
import io.sharedinference.engine.EngineException;
import io.sharedinference.release.Token;
import io.sharedinference.shared.SharedOutputs;
import io.sharedinference.verify.Installation;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** A shared installation as its stack's outputs and its cluster tell it; what isn't there to be read is empty. */
final class SharedState {

    private final String stack;
    private final JsonNode outputs;
    private final Optional<ClusterConfig> cluster;

    private SharedState(String stack, JsonNode outputs, Optional<ClusterConfig> cluster) {
        this.stack = stack;
        this.outputs = outputs;
        this.cluster = cluster;
    }

    /** @param config empty when the stack is another project's */
    static Optional<SharedState> read(String stack, Optional<SharedConfig> config, Engine engine) {
        try {
            return Optional.of(new SharedState(
                    stack,
                    engine.outputs(stack),
                    config.map(shared -> shared.installation().cluster())));
        } catch (EngineException e) {
            return Optional.empty();
        }
    }

    /** The shared API as this tenant calls it. */
    Optional<Installation> asTenant(String tenant) {
        return text(SharedOutputs.INFERENCE_API_URL)
                .flatMap(url -> text(SharedOutputs.tokenOf(tenant))
                        .map(token -> new Installation(
                                stack, URI.create(url), Token.of(token), text(SharedOutputs.INFERENCE_API_CA))));
    }

    Optional<Long> tokenDays(String tenant, Function<ClusterConfig, Cluster> clusters) {
        JsonNode users = outputs.path(SharedOutputs.SERVICE_USERS).path(tenant);
        String user = users.isEmpty() ? tenant : users.get(users.size() - 1).asText();
        try {
            return cluster.map(clusters)
                    .flatMap(there -> text(SharedOutputs.NAMESPACE)
                            .flatMap(namespace -> there.secretMade(namespace, ServiceUsers.SECRET + user)))
                    .map(made -> Duration.between(made, Instant.now()).toDays());
        } catch (ClusterException e) {
            return Optional.empty();
        }
    }

    private Optional<String> text(String output) {
        return Optional.of(outputs.path(output).asText()).filter(text -> !text.isBlank());
    }
}
