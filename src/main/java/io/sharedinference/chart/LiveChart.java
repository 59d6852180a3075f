package io.sharedinference.chart;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.project.InstallationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What Helm and Pulumi last put into the cluster against what is there now: what somebody edited or deleted since. A refresh
 * of the engine sees a release as a whole, and of its own objects neither what was added nor by whom.
 *
 * @param declared the stack's own objects as last deployed; one that is missing is left to the refresh
 */
public record LiveChart(InstallationConfig config, Path checkout, List<Map<?, ?>> declared) {

    public LiveChart {
        declared = List.copyOf(declared);
    }

    /** Reads the release and each of its objects. What can't be seen is among the notes. */
    public RenderedDiff compare() {
        try (var cluster = Cluster.open(config.cluster(), checkout)) {
            return compare(cluster, deployed());
        } catch (ChartException | ClusterException e) {
            return unseen(String.valueOf(e.getMessage()));
        } catch (YAMLException e) {
            return unseen("the release's manifest isn't YAML (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Gives every object what the chart set, and takes away what people added.
     *
     * @return the names of the objects that were created or changed
     * @throws ChartException   if the release can't be read
     * @throws ClusterException if an object can't be read or written; those before are repaired
     */
    public List<String> repair() throws ChartException {
        try (var cluster = Cluster.open(config.cluster(), checkout)) {
            var repaired = new ArrayList<String>();
            var look = new Look(cluster);
            look.each(deployed(), (name, object) -> {
                if (look.repair(name, object)) {
                    repaired.add(name);
                }
            });
            return repaired;
        }
    }

    private static RenderedDiff unseen(String why) {
        return new RenderedDiff(List.of(), List.of(RenderedDiff.UNSEEN + "the objects can't be seen: " + why));
    }

    private Manifest deployed() throws ChartException {
        return new Helm(config, checkout)
                .deployed()
                .map(text -> Manifest.parse(text, config.namespace()).kept())
                .orElse(Manifest.EMPTY);
    }

    RenderedDiff compare(Cluster cluster, Manifest deployed) {
        var look = new Look(cluster);
        look.each(deployed, look::at);
        return look.result();
    }

    /** What is found, object by object. */
    private final class Look {

        private final Cluster cluster;
        private final Manifest own = Manifest.of(declared, config.namespace());
        private final Map<String, Object> before = new TreeMap<>();
        private final Map<String, Object> now = new TreeMap<>();
        private final Map<String, String> writers = new TreeMap<>();
        private final Map<String, List<String>> unread = new LinkedHashMap<>(); // by why

        Look(Cluster cluster) {
            this.cluster = cluster;
        }

        void each(Manifest deployed, BiConsumer<String, Map<?, ?>> visitor) {
            deployed.objects().forEach((name, object) -> visitor.accept(name, (Map<?, ?>) object));
            own.objects().forEach((name, object) -> visitor.accept(name, (Map<?, ?>) object));
        }

        void at(String name, Map<?, ?> deployed) {
            try {
                var live = live(deployed);
                var manifest = compared(deployed, deployed);
                if (live.isPresent() || !mayBeMissing(name, deployed)) {
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

        /** Whether there was something to repair. */
        boolean repair(String name, Map<?, ?> deployed) {
            var live = live(deployed);
            if (live.isEmpty()) {
                if (!mayBeMissing(name, deployed)) {
                    cluster.create(deployed, namespace(deployed));
                }
                return !mayBeMissing(name, deployed);
            }
            var manifest = compared(deployed, deployed);
            var seen = new LiveObject(compared(deployed, live.get())).asSetBy(manifest);
            if (seen.equals(manifest)) {
                return false;
            }
            cluster.replace(Restoration.of(live.get(), seen, manifest), namespace(deployed));
            return true;
        }

        private String namespace(Map<?, ?> manifest) {
            var metadata = manifest.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
            return Optional.<Object>ofNullable(metadata.get("namespace"))
                    .orElse(config.namespace())
                    .toString();
        }

        /** Without what others may change. @param object the deployed or the live one */
        private Map<?, ?> compared(Map<?, ?> deployed, Map<?, ?> object) {
            var metadata = deployed.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
            var rest = object;
            for (var field : config.driftIgnore()) {
                if (field.appliesTo(String.valueOf(deployed.get("kind")), String.valueOf(metadata.get("name")))) {
                    rest = field.removeFrom(rest);
                }
            }
            return rest;
        }

        private Optional<Map<?, ?>> live(Map<?, ?> manifest) {
            var metadata = manifest.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
            return cluster.object(
                    String.valueOf(manifest.get("apiVersion")),
                    String.valueOf(manifest.get("kind")),
                    namespace(manifest),
                    String.valueOf(metadata.get("name")));
        }

        /** An own object, which a refresh reports, or a Job that Kubernetes removes when it is done. */
        private boolean mayBeMissing(String name, Map<?, ?> manifest) {
            return own.objects().containsKey(name)
                    || manifest.get("spec") instanceof Map<?, ?> spec && spec.containsKey("ttlSecondsAfterFinished");
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
            unread.forEach((why, names) ->
                    notes.add(RenderedDiff.UNSEEN + String.join(", ", names) + " can't be seen: " + why));
            return new RenderedDiff(edited, notes);
        }

        private String putBack() {
            return "To undo this: ./tenant repair " + config.stack() + ".";
        }
    }
}
