package io.sharedinference.program;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ResourceArgs;
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
                new Args(
                        Map.of("name", name + "-fqdn", "namespace", namespace, "annotations", ForcedPatch.ANNOTATIONS),
                        Map.of(
                                "endpointSelector",
                                Map.of("matchLabels", podLabels),
                                "egress",
                                List.of(dns(), host(host, port)))),
                options);
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

    private static final class Args extends ResourceArgs {

        @Import(name = "apiVersion", required = true)
        private final Output<String> apiVersion = Output.of("cilium.io/v2");

        @Import(name = "kind", required = true)
        private final Output<String> kind = Output.of("CiliumNetworkPolicy");

        @Import(name = "metadata", required = true)
        private final Output<Map<String, Object>> metadata;

        @Import(name = "spec", required = true)
        private final Output<Map<String, Object>> spec;

        private Args(Map<String, Object> metadata, Map<String, Object> spec) {
            this.metadata = Output.of(metadata);
            this.spec = Output.of(spec);
        }
    }
}
