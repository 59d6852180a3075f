package io.sharedinference.e2e;

import java.util.List;
import java.util.Map;

/**
 * Configurations of a shared installation and its tenant "blue" beside the sandbox's own: in namespaces of their own, on
 * node ports of their own.
 *
 * @param prefix of the namespaces
 * @param port   the first of four node ports
 */
record Neighbours(Sandbox sandbox, String prefix, int port) {

    Map<String, Object> shared(String... tenants) {
        var config = sandbox.config("shared");
        config.put("namespace", sharedNamespace());
        config.put("tenants", List.of(tenants));
        config.put("inferenceApiUrl", sandbox.url(port));
        config.put("iamUrl", sandbox.url(port + 1));
        config.put("values", values("inference-api", port, "25ms"));
        return config;
    }

    /** @param drain a value of the chart's that may well change */
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
