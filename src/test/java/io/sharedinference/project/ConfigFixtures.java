package io.sharedinference.project;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Valid configurations as maps of keys, for tests to change and parse. */
public final class ConfigFixtures {

    /** CA certificate, valid until 2126. Its key was discarded. */
    public static final String CA = """
            -----BEGIN CERTIFICATE-----
            MIIBijCCAS+gAwIBAgIUFO7dMJV2sDp7AWL1OI1pkre1MoowCgYIKoZIzj0EAwIw
            GTEXMBUGA1UEAwwOQSBDQSBmb3IgdGVzdHMwIBcNMjYxMTI1MTU0NDQ3WhgPMjEy
            NjExMDExNTQ0NDdaMBkxFzAVBgNVBAMMDkEgQ0EgZm9yIHRlc3RzMFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAEvsmgp9q9sTSntxagg+MAaalNjwoxe5XiRCjW7Zle
            mzm4QksWVoRjz6CzEMQetqD8fenb4zQ+Nh1zsas/JDzybaNTMFEwHQYDVR0OBBYE
            FJRqLHqsmJCtDuU2YC1UhHuPxK/WMB8GA1UdIwQYMBaAFJRqLHqsmJCtDuU2YC1U
            hHuPxK/WMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAIF9Maln
            OhW6Zzsy7MglD5yvojHr5tbNgMdbiMdE4YC5AiEAmCLnqA+p9cI3JRChZRfBrMHA
            PZ8W/gB/PvQSSOnGnWA=
            -----END CERTIFICATE-----
            """;

    /** CA certificate that expired in 2002. */
    public static final String EXPIRED_CA = """
            -----BEGIN CERTIFICATE-----
            MIIBVDCB+qADAgECAgkAm4WhKtxxcbswCgYIKoZIzj0EAwIwHjEcMBoGA1UEAxMT
            QW4gb2xkIENBIGZvciB0ZXN0czAeFw0wMTAxMDEwMDAwMDBaFw0wMjAxMDEwMDAw
            MDBaMB4xHDAaBgNVBAMTE0FuIG9sZCBDQSBmb3IgdGVzdHMwWTATBgcqhkjOPQIB
            BggqhkjOPQMBBwNCAAQQmyAigiPPDfXHMQHqyyFX1RxVKU/optsi0Yd7IR2MLxyS
            yemfglSglcfHMpQi+gdHG/KV2gXTc2GFcaWl+FD2oyEwHzAdBgNVHQ4EFgQU9z//
            cqpwgAsbASyoRVQh3gqWc7owCgYIKoZIzj0EAwIDSQAwRgIhAIS9tVKMxcIrW/oF
            kFsOgWKiaSFtu+K2/5eJckYSykIWAiEA/zHBmKPVbJCcmD4StHy3IQnNPf4GjEJa
            Hh3FWZYNGOg=
            -----END CERTIFICATE-----
            """;

    private ConfigFixtures() {}

    public static Map<String, String> shared() {
        return new LinkedHashMap<>(Map.of(
                "role", "shared",
                "context", "gpu",
                "chart", "oci://registry.example.com/pharia-ai",
                "domain", "shared.example.com"));
    }

    public static Map<String, String> tenant() {
        return new LinkedHashMap<>(Map.of(
                "role", "tenant",
                "tenant", "blue",
                "sharedStack", "shared",
                "context", "blue-cluster",
                "chart", "oci://registry.example.com/pharia-ai",
                "domain", "blue.example.com",
                "proxyImage", "registry.example.com/proxy@sha256:" + "0".repeat(64)));
    }

    public static Map<String, String> handover() {
        return new LinkedHashMap<>(
                Map.of("role", "handover", "tenant", "blue", "context", "gpu", "domain", "shared.example.com"));
    }

    public static HandoverConfig handoverConfig(Map<String, String> values) {
        return (HandoverConfig) parsed(values);
    }

    /** Adds the project's prefix to keys without a colon. */
    public static Settings settings(Map<String, String> values, String... secret) {
        var full = new LinkedHashMap<String, String>();
        values.forEach((key, value) -> full.put(full(key), value));
        return new Settings(new StackName("organization", "shared-inference", "mine"), full, Set.of(secret));
    }

    public static SharedConfig sharedConfig(Map<String, String> values) {
        return (SharedConfig) parsed(values);
    }

    public static TenantConfig tenantConfig(Map<String, String> values) {
        return (TenantConfig) parsed(values);
    }

    private static StackConfig parsed(Map<String, String> values) {
        var problems = new Problems();
        var config = StackConfig.parse(settings(values), problems);
        problems.throwIfAny("mine");
        return config.orElseThrow();
    }

    private static String full(String key) {
        return key.contains(":") ? key : "shared-inference:" + key;
    }
}
