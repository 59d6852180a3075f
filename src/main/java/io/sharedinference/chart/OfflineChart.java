package io.sharedinference.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.program.Values;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.secrets.Redaction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A stack's chart, rendered without access to a cluster, a backend and secrets. Lookups in the cluster return nothing, and
 * secret values are missing.
 *
 * @param values evaluated after the files have been validated
 */
public record OfflineChart(InstallationConfig config, Supplier<Values> values, Path checkout) {

    /**
     * The objects, sorted, with the contents of Secrets masked.
     *
     * @throws ChartException if Helm cannot render it
     */
    public String yaml() {
        return masked(objects -> objects.stream().map(Manifest::yaml).collect(Collectors.joining("---\n")));
    }

    /** The objects as a Kubernetes List in JSON. */
    public String json() {
        return masked(objects -> new ObjectMapper()
                        .valueToTree(Map.of("apiVersion", "v1", "kind", "List", "items", objects))
                        .toPrettyString()
                + "\n");
    }

    private String masked(Function<List<Object>, String> format) {
        var manifest = manifest();
        return Redaction.of(manifest.secrets().toList())
                .apply(format.apply(manifest.objects().values().stream()
                        .map(SecretData::masked)
                        .toList()));
    }

    /** Changes of the objects between two revisions of the files. The notes list what could not be compared. */
    public static RenderedDiff between(Optional<OfflineChart> before, Optional<OfflineChart> after) {
        try {
            var comparison = new Comparison(manifest(before), manifest(after), manifest(after));
            return new RenderedDiff(comparison.objects(), comparison.notes());
        } catch (ChartException e) {
            return RenderedDiff.notCompared(e.getMessage());
        }
    }

    private static Manifest manifest(Optional<OfflineChart> chart) {
        return chart.isPresent() ? chart.get().manifest() : Manifest.EMPTY;
    }

    private Manifest manifest() {
        try {
            return Manifest.parse(new Helm(config, checkout).renderOffline(values.get()), config.namespace());
        } catch (YAMLException e) {
            throw new ChartException("the chart " + config.chart().name() + " renders invalid YAML: " + e.getMessage()
                    + "\nFix: correct the chart, or the values that it inserts.");
        }
    }
}
