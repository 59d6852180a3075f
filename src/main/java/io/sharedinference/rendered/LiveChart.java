package io.sharedinference.rendered;

import io.sharedinference.cluster.Cluster;
import io.sharedinference.cluster.ClusterException;
import io.sharedinference.config.InstallationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What Helm last put into the cluster against what is there now: what somebody edited or deleted since. The engine's own
 * refresh can't tell, as it knows the release and not its objects.
 */
public record LiveChart(InstallationConfig config, Path checkout) {

    /** Reads the release and each of its objects. What can't be seen is among the notes. */
    public RenderedDiff compare() {
        try (var cluster = Cluster.open(
                config.cluster().kubeconfig().map(checkout::resolve),
                config.cluster().context())) {
            return compare(cluster, deployed());
        } catch (ChartException | ClusterException e) {
            return unseen(e.getMessage());
        } catch (YAMLException e) {
            return unseen("the release's manifest isn't YAML (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static RenderedDiff unseen(String why) {
        return new RenderedDiff(
                List.of(), List.of("Whether somebody edited the chart's objects can't be seen: " + why));
    }

    private Manifest deployed() throws ChartException {
        return new Helm(config, checkout)
                .deployed()
                .map(text -> Manifest.parse(text, config.namespace()).kept())
                .orElse(Manifest.EMPTY);
    }

    RenderedDiff compare(Cluster cluster, Manifest deployed) {
        var look = new Look(cluster);
        deployed.objects().forEach((name, object) -> look.at(name, (Map<?, ?>) object));
        return look.result();
    }

    /** What is found, object by object. */
    private final class Look {

        private final Cluster cluster;
        private final Map<String, Object> before = new TreeMap<>();
        private final Map<String, Object> now = new TreeMap<>();
        private final Map<String, String> writers = new TreeMap<>();
        private final Map<String, List<String>> unread = new LinkedHashMap<>(); // by why

        Look(Cluster cluster) {
            this.cluster = cluster;
        }

        void at(String name, Map<?, ?> deployed) {
            try {
                var live = live(deployed);
                var manifest = compared(deployed, deployed);
                if (live.isPresent() || !endsByItself(deployed)) {
                    before.put(name, manifest);
                }
                live.ifPresent(object -> {
                    now.put(name, new LiveObject(compared(deployed, object)).asSetBy(manifest));
                    ManagedFields.of(object).lastWriter().ifPresent(writer -> writers.put(name, writer));
                });
            } catch (ClusterException e) {
                unread.computeIfAbsent(e.getMessage(), why -> new ArrayList<>()).add(name);
            }
        }

        /** Without what others may change. @param object the deployed or the live one */
        private Map<?, ?> compared(Map<?, ?> deployed, Map<?, ?> object) {
            var metadata = deployed.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
            var rest = object;
            for (var field : config.driftIgnore()) {
                if (field.isOf(String.valueOf(deployed.get("kind")), String.valueOf(metadata.get("name")))) {
                    rest = field.removedFrom(rest);
                }
            }
            return rest;
        }

        private Optional<Map<?, ?>> live(Map<?, ?> manifest) {
            var metadata = manifest.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
            var namespace =
                    Optional.<Object>ofNullable(metadata.get("namespace")).orElse(config.namespace());
            return cluster.object(
                    String.valueOf(manifest.get("apiVersion")),
                    String.valueOf(manifest.get("kind")),
                    namespace.toString(),
                    String.valueOf(metadata.get("name")));
        }

        /** A Job that Kubernetes removes when it is done. */
        private static boolean endsByItself(Map<?, ?> manifest) {
            return manifest.get("spec") instanceof Map<?, ?> spec && spec.containsKey("ttlSecondsAfterFinished");
        }

        RenderedDiff result() {
            var live = new Manifest(now);
            var edited = new Comparison(new Manifest(before), live, live).objects();
            var notes = new ArrayList<String>();
            edited.stream()
                    .filter(object -> object.kind() == ObjectDiff.Kind.CHANGED)
                    .map(object -> object.object() + " was last written by " + writers.get(object.object()) + ".")
                    .forEach(notes::add);
            if (!edited.isEmpty()) {
                notes.add(putBack());
            }
            unread.forEach((why, names) -> notes.add(String.join(", ", names) + " can't be read: " + why));
            return new RenderedDiff(edited, notes);
        }

        private String putBack() {
            return "To put back what the chart sets: helm rollback " + config.releaseName()
                    + " REVISION, with the revision that helm status " + config.releaseName() + " --namespace "
                    + config.namespace() + " tells, then pulumi refresh. What was added by hand stays until it is"
                    + " taken out by hand.";
        }
    }
}
