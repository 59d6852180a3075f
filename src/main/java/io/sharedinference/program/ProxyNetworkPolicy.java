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
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.project.NetworkPolicyConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Restricts the egress of the proxy's pods to DNS, the tenant's IAM and the shared API. Ingress rules are left to the chart
 * unless client namespaces are configured, since a policy of type Ingress blocks every client that it does not select.
 */
final class ProxyNetworkPolicy {

    private static final String NAME = ObjectNames.POLICY;
    private static final int DNS_PORT = 53;

    private ProxyNetworkPolicy() {}

    static List<Resource> declare(
            String namespace, NetworkPolicyConfig config, URI sharedApi, CustomResourceOptions options) {
        var policy = new NetworkPolicy(
                "tenant-" + NAME + "-policy",
                NetworkPolicyArgs.builder()
                        .metadata(ObjectMetaArgs.builder()
                                .name(NAME)
                                .namespace(namespace)
                                .annotations(TenantObjects.FORCED_PATCH)
                                .build())
                        .spec(spec(config, sharedApi))
                        .build(),
                options);
        return config.byHostName()
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
        var egress = new ArrayList<>(List.of(dns(), iam(config.iamPodLabels())));
        if (!config.byHostName()) {
            egress.add(sharedApi(config, sharedApi));
        }
        var spec = NetworkPolicySpecArgs.builder()
                .podSelector(selector(config.proxyPodLabels()))
                .egress(egress);
        return config.clientNamespaces().isEmpty()
                ? spec.policyTypes("Egress").build()
                : spec.policyTypes("Ingress", "Egress")
                        .ingress(clients(config.clientNamespaces()), ops())
                        .build();
    }

    /** At any port, since the chart defines the API's port. */
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

    /** From anywhere: probes come from the node, whose address is unknown, and metrics are scraped from any namespace. */
    private static NetworkPolicyIngressRuleArgs ops() {
        return NetworkPolicyIngressRuleArgs.builder()
                .ports(port("TCP", ProxyPod.OPS_PORT))
                .build();
    }

    /** To anywhere: the resolver may run in kube-system, on the node or elsewhere. */
    private static NetworkPolicyEgressRuleArgs dns() {
        return NetworkPolicyEgressRuleArgs.builder()
                .ports(port("UDP", DNS_PORT), port("TCP", DNS_PORT))
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

    /** At any port: policies apply to the pod's port, which differs from the port in the URL. */
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
