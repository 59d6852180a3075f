package io.sharedinference.program;

import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.project.TenantConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the Prometheus operator scrape the proxy's pods, with the labels that the rules and the dashboard in
 * deploy/monitoring expect. The operator itself adds {@code namespace} and {@code pod}.
 */
@ResourceType(type = PodMonitor.TYPE)
final class PodMonitor extends CustomResource {

    static final String API_VERSION = "monitoring.coreos.com/v1";
    static final String KIND = "PodMonitor";
    static final String TYPE = "kubernetes:" + API_VERSION + ":" + KIND;

    PodMonitor(TenantConfig config, CustomResourceOptions options) {
        super(
                TYPE,
                "tenant-" + ObjectNames.POD_MONITOR + "-pod-monitor",
                new CustomObjectArgs(API_VERSION, KIND, metadata(config), spec(config)),
                options);
    }

    private static Map<String, Object> metadata(TenantConfig config) {
        var metadata = new HashMap<String, Object>();
        metadata.put("name", ObjectNames.POD_MONITOR);
        metadata.put("namespace", config.installation().namespace());
        metadata.put("annotations", TenantObjects.FORCED_PATCH);
        if (!config.monitoring().labels().isEmpty()) {
            metadata.put("labels", config.monitoring().labels());
        }
        return metadata;
    }

    private static Map<String, Object> spec(TenantConfig config) {
        return Map.of(
                "selector",
                Map.of("matchLabels", config.networkPolicy().proxyPodLabels()),
                "podMetricsEndpoints",
                List.of(Map.of(
                        "port",
                        ProxyPod.OPS_PORT_NAME,
                        "path",
                        "/metrics",
                        "relabelings",
                        List.of(label("tenant", config.tenant()), label("job", "inference-api-proxy")))));
    }

    private static Map<String, Object> label(String name, String value) {
        return Map.of("targetLabel", name, "replacement", value);
    }
}
