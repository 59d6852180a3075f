package io.sharedinference.kubernetes;

import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.secrets.Token;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the Secret of a hand-over stack's service user. */
public final class HandoverSecret {

    private HandoverSecret() {}

    /**
     * Reads the token from the cluster.
     *
     * @param declared whether a missing Secret is accepted, since the next {@code pulumi up} of the shared stack creates it
     * @return the token; empty if it does not exist or there are problems
     */
    public static Optional<Token> read(HandoverConfig config, Path checkout, boolean declared, Problems problems) {
        if (!problems.all().isEmpty()) {
            return Optional.empty(); // may concern the cluster
        }
        var cluster = config.cluster();
        try (var opened = Cluster.open(cluster, checkout)) {
            var token = opened.token(config.namespace(), name(config), ServiceTokens.KEY);
            if (token.isEmpty() && !declared) {
                problems.add(missing(config));
            }
            return token;
        } catch (ClusterException e) {
            problems.add(new Problem(
                    "Secret " + config.namespace() + "/" + name(config),
                    "cannot be read: " + e.problem().replaceFirst("\\.$", ""),
                    "grant the permissions in deploy/rbac/handover.yaml, and check kubectl --context "
                            + cluster.context()));
            return Optional.empty();
        }
    }

    private static String name(HandoverConfig config) {
        return ServiceUsers.SECRET_PREFIX + config.serviceUser();
    }

    private static Problem missing(HandoverConfig config) {
        return new Problem(
                "Secret " + config.namespace() + "/" + name(config),
                "not found in the cluster of context " + config.cluster().context() + ", or has no value for the key '"
                        + ServiceTokens.KEY + "'",
                "add " + config.tenant() + " to " + Key.TENANTS.key() + " of the shared stack and run pulumi up"
                        + " there, or correct tenant, serviceUser or namespace");
    }
}
