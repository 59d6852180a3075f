package io.sharedinference.kubernetes;

import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.secrets.Token;
import java.nio.file.Path;
import java.util.Optional;

/** The one Secret that a hand-over stack reads. Of one that isn't there the engine says no more than that. */
public final class HandoverSecret {

    private HandoverSecret() {}

    /**
     * Asks the cluster.
     *
     * @param announced whether it is no problem that it isn't there, since the shared stack's next {@code pulumi up} makes it
     * @return its token; empty if it isn't there, or something is among the problems
     */
    public static Optional<Token> read(HandoverConfig config, Path checkout, boolean announced, Problems problems) {
        if (!problems.all().isEmpty()) {
            return Optional.empty(); // the cluster may be the problem
        }
        var cluster = config.cluster();
        try (var asked = Cluster.open(cluster, checkout)) {
            var token = asked.token(config.namespace(), name(config), ServiceTokens.KEY);
            if (token.isEmpty() && !announced) {
                problems.add(missing(config));
            }
            return token;
        } catch (ClusterException e) {
            problems.add(new Problem(
                    "Secret " + config.namespace() + "/" + name(config),
                    "can't be read: " + e.getMessage(),
                    "deploy/rbac/handover.yaml has the rights that this stack needs"));
            return Optional.empty();
        }
    }

    private static String name(HandoverConfig config) {
        return ServiceUsers.SECRET_PREFIX + config.serviceUser();
    }

    private static Problem missing(HandoverConfig config) {
        return new Problem(
                "Secret " + config.namespace() + "/" + name(config),
                "isn't in the cluster of context " + config.cluster().context() + ", or has no text under the key '"
                        + ServiceTokens.KEY + "'",
                "list " + config.tenant() + " in the shared stack's shared-inference:tenants and run pulumi up"
                        + " there; or correct tenant, serviceUser or namespace here");
    }
}
