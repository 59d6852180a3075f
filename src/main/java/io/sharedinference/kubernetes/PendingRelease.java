package io.sharedinference.kubernetes;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A release in whose making Helm was killed: Helm refuses to touch it again, in the middle of a deployment and with words
 * that don't say what to do.
 */
public final class PendingRelease {

    private PendingRelease() {}

    /** Asks the cluster. One that doesn't answer this, for want of rights for instance, isn't a problem here. */
    public static void check(InstallationConfig config, Path checkout, Problems problems) {
        if (!problems.all().isEmpty()) {
            return; // the cluster may be the problem
        }
        var cluster = config.cluster();
        try (var asked = Cluster.open(cluster, checkout)) {
            asked.release(config.namespace(), config.releaseName())
                    .filter(HelmRelease::pending)
                    .ifPresent(release -> problems.add(problem(release, cluster.context())));
        } catch (ClusterException e) {
            // Helm will say so itself
        }
    }

    static Problem problem(HelmRelease release, String context) {
        var flags = " --namespace " + release.namespace() + " --kube-context " + context;
        return new Problem(
                "release " + release.namespace() + "/" + release.name(),
                Optional.of(release.status() + ", revision " + release.revision()),
                "is being changed by another run, or a run was killed while it did",
                "make sure that no other run is at it, then: "
                        + (release.revision() > 1
                                ? "helm rollback " + release.name() + flags + " --wait"
                                : "helm uninstall " + release.name() + flags + " --wait")
                        + ", then pulumi refresh, then pulumi up");
    }
}
