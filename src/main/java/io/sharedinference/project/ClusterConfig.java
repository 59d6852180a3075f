package io.sharedinference.project;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which cluster, and with what it is reached.
 *
 * @param context       in the kubeconfig
 * @param kubeconfig    empty for {@code $KUBECONFIG}, then {@code ~/.kube/config}
 * @param pluginVersion of Pulumi's Kubernetes plugin
 */
public record ClusterConfig(String context, Optional<Path> kubeconfig, String pluginVersion) {

    /** The version that every end-to-end test runs with. */
    static final String TESTED_VERSION = "4.25.0";

    private static final Pattern VERSION = Pattern.compile("([1-9][0-9]{0,3})\\.([0-9]{1,4})\\.[0-9]+(-.+)?");

    static ClusterConfig read(SettingsReader settings) {
        return new ClusterConfig(
                settings.required(
                        Key.CONTEXT,
                        "must name a context of the kubeconfig",
                        "choose one that `kubectl config get-contexts` lists"),
                settings.path(Key.KUBECONFIG),
                settings.required(
                        Key.KUBERNETES_PLUGIN_VERSION,
                        "must be a version like " + TESTED_VERSION + ", the oldest that was tried",
                        "leave the key out, or name " + TESTED_VERSION + " or later",
                        version -> atLeast(25, version)));
    }

    /** Whether it is the version that the end-to-end tests run with. */
    public boolean isTested() {
        return pluginVersion.equals(TESTED_VERSION);
    }

    /** Fixed in 4.30: older ones drop nulls from a release's values. */
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
