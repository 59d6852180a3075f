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

    /**
     * Asks the cluster. One that doesn't answer this, for want of rights for instance, isn't a problem here.
     *
     * @param announced whether it is no problem that it isn't there, since the shared stack's next {@code pulumi up} makes it
     * @return whether it is there, so far as is known
     */
    public static boolean check(HandoverConfig config, Path checkout, boolean announced, Problems problems) {
        if (!problems.all().isEmpty()) {
            return true; // the cluster may be the problem
        }
        var there = isThere(config, checkout);
        if (!there && !announced) {
            problems.add(missing(config));
        }
        return there;
    }

    private static boolean isThere(HandoverConfig config, Path checkout) {
        var cluster = config.cluster();
        try (var asked = Cluster.open(cluster.kubeconfig().map(checkout::resolve), cluster.context())) {
            return asked.token(config.namespace(), name(config), KEY).isPresent();
        } catch (ClusterException e) {
            return true; // if not, the engine will say so itself
        }
    }

    private static String name(HandoverConfig config) {
        return ServiceUsers.SECRET + config.serviceUser();
    }

    private static Problem missing(HandoverConfig config) {
        return new Problem(
                "Secret " + config.namespace() + "/" + name(config),
                "isn't in the cluster of context " + config.cluster().context() + ", or has no text under the key '"
                        + KEY + "'",
                "list " + config.tenant() + " in the shared stack's shared-inference:tenants and run pulumi up"
                        + " there; or correct tenant, serviceUser or namespace here");
    }
}
