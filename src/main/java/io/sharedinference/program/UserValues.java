package io.sharedinference.program;

import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The values that a user brings, each with the place where it stands.
 *
 * @param sources in the order in which they are merged
 */
public record UserValues(List<Source> sources) {

    private static final String INLINE = "shared-inference:values";

    /** @param name the file as configured, or the key of the inline values */
    public record Source(String name, Values values) {}

    public UserValues {
        sources = List.copyOf(sources);
    }

    /** Reads the files, then the inline values. Files that can't be read become problems. */
    public static UserValues read(InstallationConfig config, Path checkout, Problems problems) {
        var sources = new ArrayList<Source>();
        for (var file : config.valuesFiles()) {
            try {
                sources.add(new Source(file.toString(), ValuesFile.read(checkout.resolve(file))));
            } catch (ValuesException e) {
                problems.add(new Problem(
                        checkout.resolve(file).toString(),
                        e.getMessage(),
                        "correct the file, or the list shared-inference:valuesFiles; relative paths begin at "
                                + checkout));
            }
        }
        sources.add(new Source(INLINE, new Values(config.values())));
        var user = new UserValues(sources);
        if (!config.cluster().passesNulls()) {
            user.refuseNulls(config.cluster().pluginVersion(), problems);
        }
        return user;
    }

    /** To Helm a null removes a chart's default. Without one the default would come back, and say so in every preview. */
    private void refuseNulls(String pluginVersion, Problems problems) {
        merged().nullPaths()
                .forEach(path -> problems.add(new Problem(
                        nameOfNull(path) + ": " + path,
                        "is null, which the Kubernetes provider " + pluginVersion
                                + " doesn't pass to Helm: the chart's default would stay",
                        "write the value that the chart is to use, or remove the line; or set"
                                + " shared-inference:kubernetesPluginVersion to 4.30.0 or later")));
    }

    public Values merged() {
        return sources.stream().map(Source::values).reduce(Values.EMPTY, Values::merge);
    }

    /** Every key on the way to this path must hold a map, or merging would replace what the user wrote there. */
    public void checkParents(String path, Problems problems) {
        for (var end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
            var parent = path.substring(0, end);
            merged().at(parent)
                    .filter(value -> !(value instanceof Map<?, ?>))
                    .ifPresent(value -> problems.add(new Problem(
                            nameOfSetting(parent) + ": " + parent,
                            "must hold keys and values, since " + path + " is below it",
                            "remove this line, or put keys below it")));
        }
    }

    private String nameOfNull(String path) {
        return sources.stream()
                .filter(source -> source.values().nullPaths().contains(path))
                .reduce((earlier, later) -> later)
                .map(Source::name)
                .orElse("values");
    }

    /** Where what counts at this path stands: the last source that has something there. */
    public String nameOfSetting(String path) {
        return sources.stream()
                .filter(source -> source.values().at(path).isPresent())
                .reduce((earlier, later) -> later)
                .map(Source::name)
                .orElse("values");
    }
}
