package io.sharedinference.program;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The user's Helm values with their sources.
 *
 * @param sources in merge order
 */
public record UserValues(List<Source> sources) {

    /** @param name file as configured, or key of the inline values */
    public record Source(String name, Values values) {}

    public UserValues {
        sources = List.copyOf(sources);
    }

    /** Reads the files, then the inline values. Adds a problem for each unreadable file. */
    public static UserValues read(InstallationConfig config, Path checkout, Problems problems) {
        var sources = new ArrayList<Source>();
        for (var file : config.valuesFiles()) {
            try {
                sources.add(new Source(file.toString(), ValuesFile.read(checkout.resolve(file))));
            } catch (ValuesException e) {
                problems.add(new Problem(
                        checkout.resolve(file).toString(),
                        e.getMessage(),
                        "correct the file, or the list " + config.key(Key.VALUES_FILES) + "; relative paths start at "
                                + checkout));
            }
        }
        sources.add(new Source(config.key(Key.VALUES), new Values(config.values())));
        var user = new UserValues(sources);
        if (!config.cluster().passesNulls()) {
            user.rejectNulls(config, problems);
        }
        return user;
    }

    /** In Helm a null removes a chart's default. If the provider drops it, the default applies. */
    private void rejectNulls(InstallationConfig config, Problems problems) {
        merged().nullPaths()
                .forEach(path -> problems.add(new Problem(
                        sourceOfNull(path) + ": " + path,
                        "must not be null: the Kubernetes provider "
                                + config.cluster().pluginVersion() + " drops nulls, so the chart's default would apply",
                        "set a value, remove the line, or set " + config.key(Key.KUBERNETES_PLUGIN_VERSION)
                                + " to 4.30.0 or later")));
    }

    public Values merged() {
        return sources.stream().map(Source::values).reduce(Values.EMPTY, Values::merge);
    }

    /** Every parent of the path must be a map, or merging would replace the user's value. */
    public void checkParents(String path, Problems problems) {
        for (var end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
            var parent = path.substring(0, end);
            merged().at(parent)
                    .filter(value -> !(value instanceof Map<?, ?>))
                    .ifPresent(value -> problems.add(new Problem(
                            sourceOf(parent) + ": " + parent,
                            "must be a map, since it contains " + path,
                            "remove this line, or make it a map")));
        }
    }

    private String sourceOfNull(String path) {
        return lastSource(values -> values.nullPaths().contains(path));
    }

    /** Name of the source whose value at this path takes effect. */
    String sourceOf(String path) {
        return lastSource(values -> values.at(path).isPresent());
    }

    private String lastSource(Predicate<Values> contains) {
        return sources.stream()
                .filter(source -> contains.test(source.values()))
                .reduce((earlier, later) -> later)
                .map(Source::name)
                .orElse(Key.VALUES.key());
    }
}
