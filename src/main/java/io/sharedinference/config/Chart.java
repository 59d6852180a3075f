package io.sharedinference.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the chart comes from.
 *
 * @param name       a path, an {@code oci://} reference, or a name in the repository
 * @param repository URL of a chart repository
 * @param version    empty for the newest
 */
public record Chart(String name, Optional<String> repository, Optional<String> version) {

    static Chart read(SettingsReader settings) {
        return new Chart(
                settings.required(
                        Key.CHART,
                        "must name the PhariaAI chart",
                        "set it to a path, to an oci:// reference, or to a name together with "
                                + settings.settings().full(Key.CHART_REPOSITORY)),
                settings.optional(
                        Key.CHART_REPOSITORY,
                        "must be an http(s) URL",
                        "write the repository's URL, or use an oci:// reference as the chart",
                        text -> Rules.url(text).isPresent()),
                settings.text(Key.CHART_VERSION));
    }

    /** The chart on this machine, when it is one. */
    public Optional<Path> local(Path checkout) {
        return repository.isPresent() || name.startsWith("oci://")
                ? Optional.empty()
                : Optional.of(checkout.resolve(name));
    }
}
