package io.sharedinference.program;

import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IPBlockArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPortArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import io.sharedinference.project.NetworkPolicyConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lets the proxy's pods out to names, to the tenant's IAM and to the shared API, and nowhere else. What comes in is left
 * to the chart unless the clients' namespaces are configured: a policy of type Ingress shuts out every client that it
 * doesn't name.
 */
final class ProxyNetworkPolicy {

    private static final String NAME = ObjectNames.POLICY;
    private static final int DNS = 53;
    private static final int OPS = 8081;

    private ProxyNetworkPolicy() {}

    static List<Resource> declare(
            String namespace, NetworkPolicyConfig config, URI sharedApi, CustomResourceOptions options) {
        var policy = new NetworkPolicy(
                "tenant-" + NAME + "-policy",
                NetworkPolicyArgs.builder()
                        .metadata(ObjectMetaArgs.builder()
                                .name(NAME)
                                .namespace(namespace)
                                .annotations(OwnObject.ANNOTATIONS)
                                .build())
                        .spec(spec(config, sharedApi))
                        .build(),
                options);
        return config.byName()
                ? List.of(
                        policy,
                        new CiliumPolicy(
                                namespace,
                                NAME,
                                config.proxyPodLabels(),
                                sharedApi.getHost(),
                                port(sharedApi),
                                options))
                : List.of(policy);
    }

    private static NetworkPolicySpecArgs spec(NetworkPolicyConfig config, URI sharedApi) {
        var out = new ArrayList<>(List.of(names(), iam(config.iamPodLabels())));
        if (!config.byName()) {
            out.add(sharedApi(config, sharedApi));
        }
        var spec = NetworkPolicySpecArgs.builder()
                .podSelector(selector(config.proxyPodLabels()))
                .egress(out);
        return config.clientNamespaces().isEmpty()
                ? spec.policyTypes("Egress").build()
                : spec.policyTypes("Ingress", "Egress")
                        .ingress(clients(config.clientNamespaces()), operation())
                        .build();
    }

    /** At any port: what the chart calls the API's is its own affair. */
    private static NetworkPolicyIngressRuleArgs clients(List<String> namespaces) {
        var from = new ArrayList<NetworkPolicyPeerArgs>();
        from.add(NetworkPolicyPeerArgs.builder()
                .podSelector(LabelSelectorArgs.Empty)
                .build());
        namespaces.forEach(namespace -> from.add(NetworkPolicyPeerArgs.builder()
                .namespaceSelector(selector(Map.of("kubernetes.io/metadata.name", namespace)))
                .build()));
        return NetworkPolicyIngressRuleArgs.builder().from(from).build();
    }

    /** From anywhere: probes come from the node, whose address a policy can't know, and metrics from whoever scrapes. */
    private static NetworkPolicyIngressRuleArgs operation() {
        return NetworkPolicyIngressRuleArgs.builder().ports(port("TCP", OPS)).build();
    }

    /** To anywhere: a cluster's resolver is in kube-system, on the node itself or elsewhere, as the cluster likes. */
    private static NetworkPolicyEgressRuleArgs names() {
        return NetworkPolicyEgressRuleArgs.builder()
                .ports(port("UDP", DNS), port("TCP", DNS))
                .build();
    }

    private static NetworkPolicyEgressRuleArgs iam(Map<String, String> labels) {
        return NetworkPolicyEgressRuleArgs.builder()
                .to(NetworkPolicyPeerArgs.builder()
                        .podSelector(selector(labels))
                        .build())
                .build();
    }

    private static NetworkPolicyEgressRuleArgs sharedApi(NetworkPolicyConfig config, URI url) {
        return config.sharedApiNamespace()
                .map(ProxyNetworkPolicy::inNamespace)
                .orElseGet(() -> inNetworks(config, port(url)));
    }

    /** At any port: behind a Service the policy sees the pod's port, which the URL doesn't tell. */
    private static NetworkPolicyEgressRuleArgs inNamespace(String namespace) {
        return NetworkPolicyEgressRuleArgs.builder()
                .to(NetworkPolicyPeerArgs.builder()
                        .namespaceSelector(selector(Map.of("kubernetes.io/metadata.name", namespace)))
                        .build())
                .build();
    }

    private static NetworkPolicyEgressRuleArgs inNetworks(NetworkPolicyConfig config, int port) {
        var networks = config.sharedApiCidrs().stream()
                .map(cidr -> NetworkPolicyPeerArgs.builder()
                        .ipBlock(IPBlockArgs.builder().cidr(cidr).build())
                        .build())
                .toList();
        return NetworkPolicyEgressRuleArgs.builder()
                .to(networks)
                .ports(port("TCP", port))
                .build();
    }

    private static LabelSelectorArgs selector(Map<String, String> labels) {
        return LabelSelectorArgs.builder().matchLabels(labels).build();
    }

    private static NetworkPolicyPortArgs port(String protocol, int port) {
        return NetworkPolicyPortArgs.builder().protocol(protocol).port(port).build();
    }

    static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }
}
