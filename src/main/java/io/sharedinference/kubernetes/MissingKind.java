package io.sharedinference.kubernetes;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Detects objects whose kind the cluster does not have, before anything is deployed. */
public final class MissingKind {

    private static final String MONITORING = "monitoring.coreos.com/v1";

    private MissingKind() {}

    /** Checks the objects that the Prometheus operator defines. Ignores failed requests, which the provider reports. */
    public static void check(
            InstallationConfig config, Collection<DeclaredObject> declared, Path checkout, Problems problems) {
        var custom = declared.stream()
                .filter(object -> object.apiVersion().equals(MONITORING))
                .toList();
        if (!problems.all().isEmpty() || custom.isEmpty()) {
            return; // may concern the cluster
        }
        try (var cluster = Cluster.open(config.cluster(), checkout)) {
            custom.stream()
                    .filter(object -> !cluster.serves(object.apiVersion(), object.kind()))
                    .forEach(object -> problems.add(problem(object, config)));
        } catch (ClusterException e) {
            // the provider reports the same failure
        }
    }

    private static Problem problem(DeclaredObject object, InstallationConfig config) {
        return new Problem(
                config.key(Key.MONITORING),
                Optional.of("true"),
                "the cluster of context " + config.cluster().context() + " has no " + object.kind() + " ("
                        + object.apiVersion() + "): the Prometheus operator is not installed",
                "install the Prometheus operator in that cluster, or pulumi config set monitoring false");
    }
}
