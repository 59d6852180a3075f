package io.sharedinference.cluster;

import io.sharedinference.config.HandoverConfig;
import io.sharedinference.config.Problem;
import io.sharedinference.config.Problems;
import io.sharedinference.config.ServiceUsers;
import java.nio.file.Path;

/** The one Secret that a hand-over stack reads. Of one that isn't there the engine says no more than that. */
public final class HandoverSecret {

    private static final String KEY = "token";

    private HandoverSecret() {}

    /** Asks the cluster. One that doesn't answer this, for want of rights for instance, isn't a problem here. */
    public static void check(HandoverConfig config, Path checkout, Problems problems) {
        if (!problems.all().isEmpty()) {
            return; // the cluster may be the problem
        }
        var cluster = config.cluster();
        var secret = ServiceUsers.SECRET + config.serviceUser();
        try (var asked = Cluster.open(cluster.kubeconfig().map(checkout::resolve), cluster.context())) {
            if (asked.token(config.namespace(), secret, KEY).isEmpty()) {
                problems.add(new Problem(
                        "Secret " + config.namespace() + "/" + secret,
                        "isn't in the cluster of context " + cluster.context() + ", or has no text under the key '"
                                + KEY + "'",
                        "list " + config.tenant() + " in the shared stack's shared-inference:tenants and run pulumi up"
                                + " there; or correct tenant, serviceUser or namespace here"));
            }
        } catch (ClusterException e) {
            // the engine will say so itself
        }
    }
}
