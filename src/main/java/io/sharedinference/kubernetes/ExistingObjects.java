package io.sharedinference.kubernetes;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Detects existing objects that the stack would overwrite, since the provider creates objects by server-side apply
 * (pulumi-kubernetes#2926).
 */
public final class ExistingObjects {

    private ExistingObjects() {}

    /**
     * Looks up the objects that are not in the stack's state; sends no request for a deployed stack. Ignores failed requests,
     * for example without permission.
     *
     * @param urns URNs of the stack's resources
     */
    public static void check(
            InstallationConfig config,
            List<DeclaredObject> declared,
            Collection<String> urns,
            Path checkout,
            Problems problems) {
        var missing = declared.stream()
                .filter(object -> urns.stream().noneMatch(object::matches))
                .toList();
        if (!problems.all().isEmpty() || missing.isEmpty()) {
            return; // may concern the cluster
        }
        var cluster = config.cluster();
        try (var opened = Cluster.open(cluster, checkout)) {
            missing.stream()
                    .filter(object ->
                            opened.has(object.apiVersion(), object.kind(), config.namespace(), object.object()))
                    .forEach(object -> problems.add(problem(config, object)));
        } catch (ClusterException e) {
            // the provider reports the same failure
        }
    }

    private static Problem problem(InstallationConfig config, DeclaredObject object) {
        return new Problem(
                object.kind() + " " + config.namespace() + "/" + object.object(),
                "already exists in the cluster of context " + config.cluster().context()
                        + ", and is not managed by this stack",
                "import an existing installation with ./tenant adopt " + config.stack()
                        + ", run pulumi refresh after a run that was killed, or delete the object");
    }
}
