package io.sharedinference.program;

import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import java.util.List;
import java.util.Map;

/**
 * Allows egress to a host by name, which a NetworkPolicy cannot. The SDK has no class for this kind. The DNS rule is required:
 * Cilium learns the addresses of a name from the responses in its DNS proxy.
 */
@ResourceType(type = "kubernetes:cilium.io/v2:CiliumNetworkPolicy")
final class CiliumPolicy extends CustomResource {

    CiliumPolicy(
            String namespace,
            String name,
            Map<String, String> podLabels,
            String host,
            int port,
            CustomResourceOptions options) {
        super(
                "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
                "tenant-" + name + "-fqdn-policy",
                new CustomObjectArgs(
                        "cilium.io/v2",
                        "CiliumNetworkPolicy",
                        metadata(namespace, name + "-fqdn"),
                        Map.of(
                                "endpointSelector",
                                Map.of("matchLabels", podLabels),
                                "egress",
                                List.of(dns(), host(host, port)))),
                options);
    }

    private static Map<String, Object> metadata(String namespace, String name) {
        return Map.of("name", name, "namespace", namespace, "annotations", TenantObjects.FORCED_PATCH);
    }

    private static Map<String, Object> dns() {
        return Map.of(
                "toEndpoints",
                List.of(Map.of("matchLabels", Map.of("k8s:io.kubernetes.pod.namespace", "kube-system"))),
                "toPorts",
                List.of(Map.of(
                        "ports",
                        List.of(Map.of("port", "53", "protocol", "ANY")),
                        "rules",
                        Map.of("dns", List.of(Map.of("matchPattern", "*"))))));
    }

    private static Map<String, Object> host(String host, int port) {
        return Map.of(
                "toFQDNs",
                List.of(Map.of("matchName", host)),
                "toPorts",
                List.of(Map.of("ports", List.of(Map.of("port", String.valueOf(port), "protocol", "TCP")))));
    }
}
