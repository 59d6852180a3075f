package io.sharedinference.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Configurations that are right, as a map of keys to be changed and then parsed. */
public final class ConfigFixtures {

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

    /** Keys without a colon get the project's prefix. */
    public static Settings settings(Map<String, String> values, String... secret) {
        var full = new LinkedHashMap<String, String>();
        values.forEach((key, value) -> full.put(full(key), value));
        return new Settings("organization", "shared-inference", "mine", full, Set.of(secret));
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
