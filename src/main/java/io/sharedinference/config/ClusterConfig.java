package io.sharedinference.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which cluster, and with what it is reached.
 *
 * @param context       in the kubeconfig
 * @param kubeconfig    empty for {@code $KUBECONFIG}, then {@code ~/.kube/config}
 * @param pluginVersion of Pulumi's Kubernetes plugin
 */
public record ClusterConfig(String context, Optional<Path> kubeconfig, String pluginVersion) {

    static ClusterConfig read(SettingsReader settings) {
        return new ClusterConfig(
                settings.required(
                        Key.CONTEXT,
                        "must name a context of the kubeconfig",
                        "choose one that `kubectl config get-contexts` lists"),
                settings.path(Key.KUBECONFIG),
                settings.required(
                        Key.KUBERNETES_PLUGIN_VERSION,
                        "must be a version like 4.29.0; older ones overwrite what others made",
                        "leave the key out, or name 4.29.0 or later",
                        ClusterConfig::recentEnough));
    }

    private static boolean recentEnough(String version) {
        return version.matches(
                "4\\.(29|[3-9][0-9]|[1-9][0-9]{2,})\\.[0-9]+(-.+)?|([5-9]|[1-9][0-9]+)\\.[0-9]+\\.[0-9]+(-.+)?");
    }
}
