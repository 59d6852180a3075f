package io.sharedinference.project;

import java.util.Map;

/**
 * Monitoring of the proxy by the Prometheus operator.
 *
 * @param enabled whether to create a PodMonitor
 * @param labels  labels of the PodMonitor, for operators that select PodMonitors by labels
 */
public record MonitoringConfig(boolean enabled, Map<String, String> labels) {

    static MonitoringConfig read(SettingsReader settings) {
        return new MonitoringConfig(
                settings.flag(Key.MONITORING),
                settings.stringMap(
                        Key.MONITORING_LABELS,
                        "must be valid Kubernetes labels",
                        label -> Rules.isPodLabel(label.getKey(), label.getValue())));
    }
}
