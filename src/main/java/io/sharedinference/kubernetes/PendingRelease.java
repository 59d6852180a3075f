package io.sharedinference.kubernetes;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Detects a release with a pending operation before the deployment, which Helm would reject without a fix in the message.
 */
public final class PendingRelease {

    private PendingRelease() {}

    /** Reads the release from the cluster. Ignores failed requests, for example without permission. */
    public static void check(InstallationConfig config, Path checkout, Problems problems) {
        if (!problems.all().isEmpty()) {
            return; // may concern the cluster
        }
        var cluster = config.cluster();
        try (var opened = Cluster.open(cluster, checkout)) {
            opened.release(config.namespace(), config.releaseName())
                    .filter(HelmRelease::pending)
                    .ifPresent(release -> problems.add(problem(release, cluster.context())));
        } catch (ClusterException e) {
            // Helm reports the same failure
        }
    }

    static Problem problem(HelmRelease release, String context) {
        var flags = " --namespace " + release.namespace() + " --kube-context " + context;
        return new Problem(
                "release " + release.namespace() + "/" + release.name(),
                Optional.of(release.status() + ", revision " + release.revision()),
                "an operation is in progress, or was killed",
                "check that no other operation is running, then run "
                        + (release.revision() > 1
                                ? "helm rollback " + release.name() + flags + " --wait"
                                : "helm uninstall " + release.name() + flags + " --wait")
                        + ", pulumi refresh and pulumi up");
    }
}
