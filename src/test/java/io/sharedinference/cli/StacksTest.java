package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.automation.PulumiCommand;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.pulumi.FakePulumi;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StacksTest {

    private static final String CONFIG = """
            {"shared-inference:tenant": {"value": "acme", "secret": false},
             "shared-inference:sharedStack": {"value": "org/shared-inference/prod", "secret": false}}""";
    private static final String TENANT = """
            {"inferenceApiUrl": "https://inference-api.acme.example", "namespace": "acme"}""";
    private static final String SHARED = """
            {"inferenceApiUrl": "https://inference-api.gpu.example", "inferenceApiCa": "its PEM",
             "tenants": ["acme"], "token-acme": "s3cret"}""";

    @TempDir
    Path project;

    @Test
    void readsTheEndpointsOfTenantAndSharedStack() {
        Stacks.Endpoints endpoints = stacks(CONFIG, TENANT, SHARED).of("tenant1");
        assertEquals(URI.create("https://inference-api.acme.example"), endpoints.tenant());
        assertEquals("org/shared-inference/prod", endpoints.shared().stack());
        assertEquals(
                URI.create("https://inference-api.gpu.example"),
                endpoints.shared().url());
        assertEquals(Optional.of("its PEM"), endpoints.shared().ca());
        assertEquals("s3cret", endpoints.shared().token().reveal());
        assertFalse(endpoints.toString().contains("s3cret"), endpoints.toString());
    }

    static Stream<Arguments> incomplete() {
        return Stream.of(
                Arguments.of("{}", TENANT, SHARED, "it has no shared-inference:tenant"),
                Arguments.of(CONFIG, "{}", SHARED, "run pulumi up -s tenant1."),
                Arguments.of(CONFIG, TENANT, "{}", "exports no token for tenant acme"),
                Arguments.of(CONFIG, TENANT, SHARED.replace("s3cret", " "), "exports no token for tenant acme"),
                Arguments.of(
                        CONFIG,
                        TENANT,
                        SHARED.replace("inferenceApiUrl", "other"),
                        "run pulumi up -s org/shared-inference/prod."),
                Arguments.of(
                        CONFIG, TENANT, "s3cret is no JSON", "printed no JSON for stack org/shared-inference/prod"));
    }

    @ParameterizedTest
    @MethodSource("incomplete")
    void reportsMissingOutputsWithTheFix(String config, String tenant, String shared, String expected) {
        RuntimeException refused = assertThrows(
                RuntimeException.class, () -> stacks(config, tenant, shared).of("tenant1"));
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
        assertFalse((refused + String.valueOf(refused.getCause())).contains("s3cret"), refused.getMessage());
    }

    @Test
    void reportsTheErrorOfPulumi() {
        PulumiCommand broken = FakePulumi.answering(Map.of());
        EngineException refused =
                assertThrows(EngineException.class, () -> new Stacks(new Engine(broken, project)).of("tenant1"));
        assertTrue(refused.getMessage().contains("error: incorrect passphrase"), refused.getMessage());
        assertTrue(refused.getMessage().contains("pulumi config --json --stack tenant1"), refused.getMessage());
    }

    @Test
    void reportsADirectoryWithoutAProject() {
        EngineException refused = assertThrows(EngineException.class, () -> Engine.in(project));
        assertTrue(refused.getMessage().contains(project.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("--cwd"), refused.getMessage());
    }

    private Stacks stacks(String config, String tenant, String shared) {
        return new Stacks(new Engine(
                FakePulumi.answering(Map.of(
                        "config --json --stack tenant1", config,
                        "stack output --json --show-secrets --stack tenant1", tenant,
                        "stack output --json --show-secrets --stack org/shared-inference/prod", shared)),
                project));
    }
}
