package io.sharedinference.chart;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.project.InstallationConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Drift between the deployed objects of a stack and the live ones. A Pulumi refresh sees a Helm release as a whole, and of the
 * stack's own objects neither added fields nor who added them.
 *
 * @param declared the stack's own objects as last deployed; missing ones are left to the refresh
 */
public record LiveChart(InstallationConfig config, Path checkout, List<Map<?, ?>> declared) {

    public LiveChart {
        declared = List.copyOf(declared);
    }

    /** Reads the release and each of its objects. The notes list what could not be compared. */
    public RenderedDiff compare() {
        try (var cluster = Cluster.open(config.cluster(), checkout)) {
            return compare(cluster, deployed());
        } catch (ChartException | ClusterException e) {
            return RenderedDiff.unchecked(String.valueOf(e.getMessage()));
        } catch (YAMLException e) {
            return RenderedDiff.unchecked(Manifest.invalid(config, e));
        }
    }

    /**
     * Resets every object to what was deployed, and removes fields that users added.
     *
     * @return the names of the objects that were created or changed
     * @throws ChartException   if the release cannot be read
     * @throws ClusterException if an object cannot be read or written; those before it are repaired
     */
    public List<String> repair() {
        try (var cluster = Cluster.open(config.cluster(), checkout)) {
            var own = own();
            var live = live(cluster, own);
            return objects(deployed(), own)
                    .filter(object -> live.repair(object.getKey(), (Map<?, ?>) object.getValue()))
                    .map(Entry::getKey)
                    .toList();
        }
    }

    RenderedDiff compare(Cluster cluster, Manifest deployed) {
        var own = own();
        var report = new DriftReport(config.stack(), live(cluster, own));
        objects(deployed, own).forEach(object -> report.add(object.getKey(), (Map<?, ?>) object.getValue()));
        return report.diff();
    }

    private Manifest deployed() {
        return new Helm(config, checkout)
                .deployed()
                .map(yaml -> Manifest.parse(yaml, config.namespace()).asStored())
                .orElse(Manifest.EMPTY);
    }

    private Manifest own() {
        return Manifest.of(declared, config.namespace());
    }

    private LiveObjects live(Cluster cluster, Manifest own) {
        return new LiveObjects(cluster, config, Set.copyOf(own.objects().keySet()));
    }

    private static Stream<Entry<String, Object>> objects(Manifest deployed, Manifest own) {
        return Stream.of(deployed, own).flatMap(manifest -> manifest.objects().entrySet().stream());
    }
}
