package io.sharedinference.chart;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.project.InstallationConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The live objects of a stack.
 *
 * @param own names of the objects that Pulumi manages itself
 */
record LiveObjects(Cluster cluster, InstallationConfig config, Set<String> own) {

    /** The live object; empty if it does not exist. */
    Optional<Map<?, ?>> find(Map<?, ?> deployed) {
        return cluster.object(
                String.valueOf(deployed.get("apiVersion")),
                String.valueOf(deployed.get("kind")),
                namespace(deployed),
                name(deployed));
    }

    /** Creates or resets the live object. Returns false if there was nothing to repair. */
    boolean repair(String name, Map<?, ?> deployed) {
        var live = find(deployed);
        if (live.isEmpty()) {
            if (mayBeMissing(name, deployed)) {
                return false;
            }
            cluster.create(deployed, namespace(deployed));
            return true;
        }
        var manifest = withoutIgnoredFields(deployed, deployed);
        var normalized = normalized(live.get(), deployed);
        if (normalized.equals(manifest)) {
            return false;
        }
        cluster.replace(RepairedObject.of(live.get(), normalized, manifest), namespace(deployed));
        return true;
    }

    /** The live object in the form of the deployed one, without ignored fields. */
    Object normalized(Map<?, ?> live, Map<?, ?> deployed) {
        return new LiveObject(withoutIgnoredFields(deployed, live))
                .normalized(withoutIgnoredFields(deployed, deployed));
    }

    /** The deployed or the live object without the fields in {@code driftIgnore}. */
    Map<?, ?> withoutIgnoredFields(Map<?, ?> deployed, Map<?, ?> object) {
        var compared = object;
        for (var field : config.driftIgnore()) {
            if (field.appliesTo(String.valueOf(deployed.get("kind")), name(deployed))) {
                compared = field.removeFrom(compared);
            }
        }
        return compared;
    }

    /** An object whose deletion a refresh reports, or a Job that Kubernetes deletes after completion. */
    boolean mayBeMissing(String name, Map<?, ?> deployed) {
        return own.contains(name)
                || deployed.get("spec") instanceof Map<?, ?> spec && spec.containsKey("ttlSecondsAfterFinished");
    }

    private String namespace(Map<?, ?> object) {
        return Optional.<Object>ofNullable(Manifest.metadata(object).get("namespace"))
                .orElse(config.namespace())
                .toString();
    }

    private static String name(Map<?, ?> object) {
        return String.valueOf(Manifest.metadata(object).get("name"));
    }
}
