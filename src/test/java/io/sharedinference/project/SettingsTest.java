package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void readsEngineEnvironment() {
        var environment = Map.of(
                "PULUMI_CONFIG", "{\"shared-inference:role\":\"shared\",\"shared-inference:tenants\":\"[\\\"a\\\"]\"}",
                "PULUMI_CONFIG_SECRET_KEYS", "[\"shared-inference:values\"]");
        assertEquals(
                new Settings(
                        new StackName("acme", "shared-inference", "dev"),
                        Map.of("shared-inference:role", "shared", "shared-inference:tenants", "[\"a\"]"),
                        Set.of("shared-inference:values")),
                Settings.fromEnvironment(environment, new StackName("acme", "shared-inference", "dev")));
    }

    @Test
    void readsEmptyEnvironment() {
        assertEquals(
                Map.of(),
                Settings.fromEnvironment(Map.of(), new StackName("o", "p", "s")).values());
    }

    @Test
    void reportsInvalidConfigurationWithoutQuotingIt() {
        var environment = Map.of("PULUMI_CONFIG", "{hush-hush");
        var error = assertThrows(
                IllegalStateException.class, () -> Settings.fromEnvironment(environment, new StackName("o", "p", "s")));
        assertFalse(error.getMessage().contains("hush-hush"));
    }

    @Test
    void toStringOmitsValues() {
        assertFalse(new Settings(new StackName("o", "p", "s"), Map.of("p:a", "hush-hush"), Set.of())
                .toString()
                .contains("hush-hush"));
    }
}
