package io.sharedinference.project;

import io.sharedinference.image.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the chart comes from.
 *
 * @param name        a path, an {@code oci://} reference, a name in the repository, or one behind that of a repository
 *     that Helm knows
 * @param repository  URL of a chart repository
 * @param credentials for that repository
 * @param version     empty for the newest
 */
public record Chart(
        String name, Optional<String> repository, Optional<Credentials> credentials, Optional<String> version) {

    private static final Pattern KNOWN_TO_HELM = Pattern.compile("([^./][^/]*)/[^/]+");

    static Chart read(SettingsReader settings) {
        return new Chart(
                settings.required(
                        Key.CHART,
                        "must name the PhariaAI chart",
                        "set it to a path, to an oci:// reference, or to a name together with "
                                + settings.settings().fullKey(Key.CHART_REPOSITORY)),
                settings.optional(
                        Key.CHART_REPOSITORY,
                        "must be an http(s) URL, without user, query and fragment",
                        "write the repository's URL, or use an oci:// reference as the chart; a login goes into "
                                + Key.CHART_REPOSITORY_USERNAME.key()
                                + " and, with pulumi config set --secret, "
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
                    "is not set, but a login for it is",
                    "set the repository's URL; for an oci:// chart, remove the login and use helm registry login");
        }
        return credentials;
    }

    /** The chart on this machine, when it is one. As for Helm, what is there goes before a repository of that name. */
    public Optional<Path> local(Path checkout) {
        return repository.isPresent()
                        || name.startsWith("oci://")
                        || repositoryOfHelm().isPresent() && !Files.exists(checkout.resolve(name))
                ? Optional.empty()
                : Optional.of(checkout.resolve(name));
    }

    /** The name that a repository may have got by {@code helm repo add}, if the chart isn't said to be anywhere else. */
    Optional<String> repositoryOfHelm() {
        var parts = KNOWN_TO_HELM.matcher(name);
        return repository.isEmpty() && parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
    }
}
