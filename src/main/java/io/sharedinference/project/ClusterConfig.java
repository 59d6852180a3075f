package io.sharedinference.project;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A cluster and how to connect to it.
 *
 * @param context       context in the kubeconfig
 * @param kubeconfig    empty for {@code $KUBECONFIG}, then {@code ~/.kube/config}
 * @param pluginVersion version of Pulumi's Kubernetes provider
 */
public record ClusterConfig(String context, Optional<Path> kubeconfig, String pluginVersion) {

    /** Version that the end-to-end tests use. */
    static final String TESTED_VERSION = "4.25.0";

    private static final Pattern VERSION = Pattern.compile("([1-9][0-9]{0,3})\\.([0-9]{1,4})\\.[0-9]+(-.+)?");

    static ClusterConfig read(SettingsReader settings) {
        return new ClusterConfig(
                settings.required(
                        Key.CONTEXT,
                        "must be a context of the kubeconfig",
                        "set it to one of the contexts that `kubectl config get-contexts` lists"),
                settings.path(Key.KUBECONFIG),
                settings.required(
                        Key.KUBERNETES_PLUGIN_VERSION,
                        "must be version " + TESTED_VERSION + " or later",
                        "remove the key to use the default, " + TESTED_VERSION,
                        version -> atLeast(25, version)));
    }

    /** Whether the end-to-end tests use this provider version. */
    public boolean isTested() {
        return pluginVersion.equals(TESTED_VERSION);
    }

    /** Versions before 4.30 drop nulls from a release's values. */
    public boolean passesNulls() {
        return atLeast(30, pluginVersion);
    }

    private static boolean atLeast(int minor, String version) {
        var parts = VERSION.matcher(version);
        return parts.matches()
                && (parts.group(1).length() > 1
                        || parts.group(1).compareTo("4") > 0
                        || parts.group(1).equals("4") && Integer.parseInt(parts.group(2)) >= minor);
    }
}
