package io.sharedinference.project;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the proxy's network policy lets through.
 *
 * @param enabled            whether there is one
 * @param sharedApiNamespace where the shared API is reached within this cluster; empty for another cluster's
 * @param sharedApiCidrs     where it is reached otherwise, at its URL's port
 * @param byName             whether Cilium is to let the proxy out to the shared API by its host's name instead
 * @param clientNamespaces   from where clients may come, besides the tenant's own namespace; empty for anywhere
 * @param proxyPodLabels     labels of the pods that the policy is for
 * @param iamPodLabels       labels of the tenant's IAM
 */
public record NetworkPolicyConfig(
        boolean enabled,
        Optional<String> sharedApiNamespace,
        List<String> sharedApiCidrs,
        boolean byName,
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
                byName(settings, cidrs),
                clients(settings),
                settings.podLabels(Key.PROXY_POD_LABELS),
                settings.podLabels(Key.IAM_POD_LABELS));
    }

    private static Optional<String> namespace(SettingsReader settings) {
        return settings.optional(
                Key.SHARED_API_NAMESPACE,
                Rules.LABEL_RULE,
                "name the namespace that answers at the shared API's URL",
                Rules::isLabel);
    }

    private static List<String> cidrs(SettingsReader settings) {
        var cidrs = settings.list(Key.SHARED_API_CIDRS);
        cidrs.stream()
                .filter(cidr -> cidr == null || !Rules.isCidr(cidr))
                .forEach(cidr -> settings.invalid(
                        Key.SHARED_API_CIDRS,
                        String.valueOf(cidr),
                        "must be an IPv4 or IPv6 network",
                        "write it like 203.0.113.0/24 or 2001:db8::/32"));
        if (settings.string(Key.SHARED_API_NAMESPACE).isPresent() && !cidrs.isEmpty()) {
            settings.invalid(
                    Key.SHARED_API_CIDRS,
                    cidrs.toString(),
                    "must not be set together with " + settings.settings().fullKey(Key.SHARED_API_NAMESPACE),
                    "keep the namespace when the shared installation is in the same cluster, the networks otherwise");
        }
        return cidrs;
    }

    private static boolean byName(SettingsReader settings, List<String> cidrs) {
        var byName = settings.flag(Key.CILIUM_FQDN_POLICY);
        if (byName && (settings.string(Key.SHARED_API_NAMESPACE).isPresent() || !cidrs.isEmpty())) {
            settings.invalid(
                    Key.CILIUM_FQDN_POLICY,
                    "true",
                    "must not be set together with " + settings.settings().fullKey(Key.SHARED_API_NAMESPACE) + " or "
                            + settings.settings().fullKey(Key.SHARED_API_CIDRS),
                    "keep one of the three");
        }
        return byName;
    }

    private static List<String> clients(SettingsReader settings) {
        var clients = settings.list(Key.CLIENT_NAMESPACES);
        clients.stream()
                .filter(name -> name == null || !Rules.isLabel(name))
                .forEach(name -> settings.invalid(
                        Key.CLIENT_NAMESPACES,
                        String.valueOf(name),
                        Rules.LABEL_RULE,
                        "name namespaces of this cluster, the ingress controller's for instance"));
        return clients;
    }
}
