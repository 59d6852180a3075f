package io.sharedinference.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Configurations of a shared installation and its tenant "blue", in their own namespaces and on their own node ports.
 *
 * @param prefix of the namespaces
 * @param port   the first of four node ports
 */
record Installations(Sandbox sandbox, String prefix, int port) {

    Map<String, Object> shared(String... tenants) {
        var config = sandbox.config("shared");
        config.put("namespace", sharedNamespace());
        config.put("tenants", List.of(tenants));
        config.put("inferenceApiUrl", sandbox.url(port));
        config.put("iamUrl", sandbox.url(port + 1));
        config.put("values", values("inference-api", port, "25ms"));
        return config;
    }

    /** @param drain the proxy's drain delay, a harmless value to change */
    Map<String, Object> blue(String drain) {
        var config = sandbox.config("tenant1");
        config.put("tenant", "blue");
        config.put("namespace", blueNamespace());
        config.put("sharedApiNamespace", sharedNamespace());
        config.put("inferenceApiUrl", sandbox.url(port + 2));
        config.put("iamUrl", sandbox.url(port + 3));
        config.put("values", values("inference-api-proxy", port + 2, drain));
        return config;
    }

    /** @return the configuration of the tenant's hand-over stack */
    Map<String, Object> handover(String tenant) {
        return handover(sandbox, sharedNamespace(), tenant, sandbox.url(port));
    }

    static Map<String, Object> handover(Sandbox sandbox, String namespace, String tenant, String url) {
        return new LinkedHashMap<>(Map.of(
                "role", "handover",
                "context", sandbox.config("shared").get("context"),
                "namespace", namespace,
                "tenant", tenant,
                "inferenceApiUrl", url));
    }

    /** Values for the API's service and the IAM's, which gets the next port. */
    static Map<String, Object> nodePorts(String api, int first) {
        return Map.of(
                api,
                Map.of("service", Map.of("nodePort", first)),
                "pharia-iam",
                Map.of("service", Map.of("nodePort", first + 1)));
    }

    private static Map<String, Object> values(String api, int first, String drain) {
        return Map.of(
                api,
                Map.of("service", Map.of("nodePort", first), "drain", Map.of("delay", drain)),
                "pharia-iam",
                Map.of("service", Map.of("nodePort", first + 1)));
    }

    String sharedNamespace() {
        return prefix + "-shared";
    }

    String blueNamespace() {
        return prefix + "-blue";
    }
}
