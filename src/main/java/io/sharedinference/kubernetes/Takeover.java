package io.sharedinference.kubernetes;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Objects in the cluster that the stack would overwrite, since somebody else made them: the provider creates by applying, and
 * what was there is lost (pulumi-kubernetes#2926).
 */
public final class Takeover {

    private Takeover() {}

    /**
     * Asks the cluster about what the stack doesn't have yet, so of a stack that is deployed nothing at all. A cluster that
     * doesn't answer this, for want of rights for instance, isn't a problem here.
     *
     * @param urns of what the stack has
     */
    public static void check(
            InstallationConfig config,
            List<DeclaredObject> declared,
            Collection<String> urns,
            Path checkout,
            Problems problems) {
        var missing = declared.stream()
                .filter(object -> urns.stream().noneMatch(object::isOf))
                .toList();
        if (!problems.all().isEmpty() || missing.isEmpty()) {
            return; // the cluster may be the problem
        }
        var cluster = config.cluster();
        try (var asked = Cluster.open(cluster, checkout)) {
            missing.stream()
                    .filter(object ->
                            asked.has(object.apiVersion(), object.kind(), config.namespace(), object.object()))
                    .forEach(object -> problems.add(problem(config, object)));
        } catch (ClusterException e) {
            // the provider will say so itself
        }
    }

    private static Problem problem(InstallationConfig config, DeclaredObject object) {
        return new Problem(
                object.kind() + " " + config.namespace() + "/" + object.object(),
                "exists in the cluster of context " + config.cluster().context()
                        + ", and this stack didn't create it: it would be overwritten",
                "./tenant adopt " + config.stack()
                        + " takes an existing installation into the stack; after a run that was"
                        + " killed, `pulumi refresh` does; if nobody needs the object, delete it");
    }
}
