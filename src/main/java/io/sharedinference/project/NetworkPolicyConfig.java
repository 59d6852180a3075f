package io.sharedinference.project;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Network policy of the proxy.
 *
 * @param enabled            whether to create one
 * @param sharedApiNamespace namespace of the shared API in this cluster; empty if it runs in another cluster
 * @param sharedApiCidrs     networks of the shared API otherwise, allowed at the port of its URL
 * @param byHostName         whether a CiliumNetworkPolicy allows the shared API by its host name instead
 * @param clientNamespaces   namespaces of clients, in addition to the tenant's; empty to leave ingress unrestricted
 * @param proxyPodLabels     labels of the pods that the policy selects
 * @param iamPodLabels       labels of the tenant's IAM pods
 */
public record NetworkPolicyConfig(
        boolean enabled,
        Optional<String> sharedApiNamespace,
        List<String> sharedApiCidrs,
        boolean byHostName,
        List<String> clientNamespaces,
        Map<String, String> proxyPodLabels,
        Map<String, String> iamPodLabels) {

    private static final List<String> ANYWHERE = List.of("0.0.0.0/0", "::/0");

    static NetworkPolicyConfig read(SettingsReader settings) {
        var cidrs = cidrs(settings);
        return new NetworkPolicyConfig(
                settings.flag(Key.NETWORK_POLICY),
                namespace(settings),
                cidrs.isEmpty() ? ANYWHERE : cidrs,
                byHostName(settings, cidrs),
                clients(settings),
                settings.podLabels(Key.PROXY_POD_LABELS),
                settings.podLabels(Key.IAM_POD_LABELS));
    }

    private static Optional<String> namespace(SettingsReader settings) {
        return settings.optional(
                Key.SHARED_API_NAMESPACE,
                Rules.LABEL_RULE,
                "set it to the namespace that serves the shared API's URL",
                Rules::isLabel);
    }

    private static List<String> cidrs(SettingsReader settings) {
        var cidrs = settings.list(Key.SHARED_API_CIDRS);
        cidrs.stream()
                .filter(cidr -> cidr == null || !Rules.isCidr(cidr))
                .forEach(cidr -> settings.invalid(
                        Key.SHARED_API_CIDRS,
                        String.valueOf(cidr),
                        "must be an IPv4 or IPv6 CIDR block",
                        "use the form 203.0.113.0/24 or 2001:db8::/32"));
        if (settings.string(Key.SHARED_API_NAMESPACE).isPresent() && !cidrs.isEmpty()) {
            settings.invalid(
                    Key.SHARED_API_CIDRS,
                    cidrs.toString(),
                    "must not be set together with " + settings.settings().fullKey(Key.SHARED_API_NAMESPACE),
                    "keep the namespace if the shared installation runs in the same cluster, otherwise this key");
        }
        return cidrs;
    }

    private static boolean byHostName(SettingsReader settings, List<String> cidrs) {
        var byHostName = settings.flag(Key.CILIUM_FQDN_POLICY);
        if (byHostName && (settings.string(Key.SHARED_API_NAMESPACE).isPresent() || !cidrs.isEmpty())) {
            settings.invalid(
                    Key.CILIUM_FQDN_POLICY,
                    "true",
                    "must not be set together with " + settings.settings().fullKey(Key.SHARED_API_NAMESPACE) + " or "
                            + settings.settings().fullKey(Key.SHARED_API_CIDRS),
                    "keep only one of the three");
        }
        return byHostName;
    }

    private static List<String> clients(SettingsReader settings) {
        var clients = settings.list(Key.CLIENT_NAMESPACES);
        clients.stream()
                .filter(name -> name == null || !Rules.isLabel(name))
                .forEach(name -> settings.invalid(
                        Key.CLIENT_NAMESPACES,
                        String.valueOf(name),
                        Rules.LABEL_RULE,
                        "use namespaces of this cluster, for example the ingress controller's"));
        return clients;
    }
}
