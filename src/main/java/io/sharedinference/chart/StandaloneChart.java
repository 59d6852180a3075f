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
 * What a chart makes of a stack's files alone: for a machine without a cluster, a backend and keys. What the chart looks up
 * in a cluster is empty, and so is what only secrets of the configuration decide.
 *
 * @param values asked for when the files have been found free of mistakes
 */
public record StandaloneChart(InstallationConfig config, Supplier<Values> values, Path checkout) {

    /**
     * The objects, sorted, with what Secrets hold masked.
     *
     * @throws ChartException if Helm can't render it
     */
    public String yaml() throws ChartException {
        return masked(objects -> objects.stream().map(Manifest::text).collect(Collectors.joining("---\n")));
    }

    /** The same as one JSON object, a Kubernetes List. */
    public String json() throws ChartException {
        return masked(objects -> new ObjectMapper()
                        .valueToTree(Map.of("apiVersion", "v1", "kind", "List", "items", objects))
                        .toPrettyString()
                + "\n");
    }

    private String masked(Function<List<Object>, String> form) throws ChartException {
        var manifest = manifest();
        return Redaction.of(manifest.secrets().toList())
                .apply(form.apply(manifest.objects().values().stream()
                        .map(SecretData::masked)
                        .toList()));
    }

    /** What a change of files changes in the objects. What can't be seen is among the notes. */
    public static RenderedDiff between(Optional<StandaloneChart> before, Optional<StandaloneChart> after) {
        try {
            var comparison = new Comparison(manifest(before), manifest(after), manifest(after));
            return new RenderedDiff(comparison.objects(), comparison.notes());
        } catch (ChartException e) {
            return new RenderedDiff(List.of(), List.of("The chart's objects are not compared: " + e.getMessage()));
        }
    }

    private static Manifest manifest(Optional<StandaloneChart> chart) throws ChartException {
        return chart.isPresent() ? chart.get().manifest() : Manifest.EMPTY;
    }

    private Manifest manifest() throws ChartException {
        try {
            return Manifest.parse(new Helm(config, checkout).renderAlone(values.get()), config.namespace());
        } catch (YAMLException e) {
            throw new ChartException("what the chart " + config.chart().name() + " makes isn't YAML ("
                    + e.getClass().getSimpleName() + "): " + e.getMessage());
        }
    }
}
