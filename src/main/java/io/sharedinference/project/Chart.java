package io.sharedinference.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Source of the Helm chart.
 *
 * @param name        a path, an {@code oci://} reference, a chart in {@code repository}, or {@code repository/chart} with a
 *     repository from {@code helm repo add}
 * @param repository  URL of the chart repository
 * @param credentials for the repository
 * @param version     empty for the latest
 */
public record Chart(
        String name, Optional<String> repository, Optional<Credentials> credentials, Optional<String> version) {

    private static final Pattern REPOSITORY_CHART = Pattern.compile("([^./][^/]*)/[^/]+");

    static Chart read(SettingsReader settings) {
        return new Chart(
                settings.required(
                        Key.CHART,
                        "must be the PhariaAI chart",
                        "set it to a path, an oci:// reference, or a chart name together with "
                                + settings.settings().fullKey(Key.CHART_REPOSITORY)),
                settings.optional(
                        Key.CHART_REPOSITORY,
                        Rules.URL_RULE,
                        "set it to the repository's URL, or use an oci:// chart; set credentials with "
                                + Key.CHART_REPOSITORY_USERNAME.key()
                                + " and pulumi config set --secret "
                                + Key.CHART_REPOSITORY_PASSWORD.key(),
                        text -> Rules.url(text).isPresent()),
                credentials(settings),
                settings.string(Key.CHART_VERSION));
    }

    private static Optional<Credentials> credentials(SettingsReader settings) {
        var credentials = settings.credentials(
                Key.CHART_REPOSITORY_USERNAME,
                Key.CHART_REPOSITORY_PASSWORD,
                "repository",
                "to access the repository without credentials");
        if (credentials.isPresent() && settings.string(Key.CHART_REPOSITORY).isEmpty()) {
            settings.invalid(
                    Key.CHART_REPOSITORY,
                    "required when credentials for it are set",
                    "set it to the repository's URL; for an oci:// chart, remove the credentials and run helm registry login");
        }
        return credentials;
    }

    /** Path of a chart on this machine. As in Helm, an existing path takes precedence over a repository of that name. */
    public Optional<Path> local(Path checkout) {
        return repository.isPresent()
                        || name.startsWith("oci://")
                        || helmRepository().isPresent() && !Files.exists(checkout.resolve(name))
                ? Optional.empty()
                : Optional.of(checkout.resolve(name));
    }

    /** Name of the {@code helm repo add} repository that the chart may be in; empty for other sources. */
    Optional<String> helmRepository() {
        var parts = REPOSITORY_CHART.matcher(name);
        return repository.isEmpty() && parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
    }
}
