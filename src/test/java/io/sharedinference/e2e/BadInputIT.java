package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input through the real engine, without its preview: refused with a message that helps, and nothing in the cluster changed. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

    private static final String KINDS =
            "namespaces,secrets,configmaps,services,deployments,networkpolicies,poddisruptionbudgets,serviceaccounts";

    private Sandbox sandbox;
    private Path folder;
    private Project project;

    @BeforeAll
    void start(Sandbox running, @TempDir Path temporary) {
        sandbox = running;
        folder = temporary;
        project = new Project(running, temporary.resolve("project"));
    }

    @ParameterizedTest
    @MethodSource
    void isRefusedBeforeAnythingIsTouched(String base, Consumer<Map<String, Object>> mistake, List<String> named) {
        var config = sandbox.config(base);
        if (base.equals("tenant1")) {
            config.put("namespace", "bad-tenant");
        } else {
            config.put("namespace", "bad-shared");
        }
        mistake.accept(config);
        project.configure("bad", config);
        var before = objects();
        var message = project.up("bad").failed();
        assertAll(named.stream()
                .map(part -> () -> assertTrue(message.contains(part), "names " + part + ":\n" + message)));
        assertEquals(before, objects());
    }

    static Stream<Arguments> isRefusedBeforeAnythingIsTouched() {
        return Stream.of(
                shared(
                        "inference off in inline values",
                        c -> c.put("values", Map.of("global", Map.of("inference", Map.of("enabled", false)))),
                        "global.inference.enabled"),
                shared(
                        "proxy on in inline values",
                        c -> c.put("values", Map.of("inference-api-proxy", Map.of("enabled", true))),
                        "inference-api-proxy.enabled"),
                tenant(
                        "inference on in inline values",
                        c -> c.put("values", Map.of("global", Map.of("inference", Map.of("enabled", true)))),
                        "global.inference.enabled"),
                tenant(
                        "proxy off in inline values",
                        c -> c.put("values", Map.of("inference-api-proxy", Map.of("enabled", false))),
                        "inference-api-proxy.enabled"),
                shared("unknown role", c -> c.put("role", "gateway"), "role", "gateway"),
                tenant("no tenant name", c -> c.remove("tenant"), "shared-inference:tenant"),
                tenant("name that is no DNS label", c -> c.put("tenant", "Tenant_1"), "Tenant_1"),
                tenant("shared not deployed", c -> c.put("sharedStack", "nowhere"), "nowhere", "pulumi up"),
                shared("unknown key", c -> c.put("tenant", "a"), "tenant", "tenants"),
                shared(
                        "URL without http",
                        c -> c.put("inferenceApiUrl", "inference.example.com"),
                        "inferenceApiUrl",
                        "inference.example.com"),
                shared(
                        "missing values file",
                        c -> c.put("valuesFiles", List.of("no-such-file.yaml")),
                        "no-such-file.yaml"),
                shared("unknown context", c -> c.put("context", "no-such-context"), "no-such-context", "sandbox"));
    }

    private static Arguments shared(String name, Consumer<Map<String, Object>> mistake, String... named) {
        return Arguments.of("shared", Named.of(name, mistake), List.of(named));
    }

    private static Arguments tenant(String name, Consumer<Map<String, Object>> mistake, String... named) {
        return Arguments.of("tenant1", Named.of(name, mistake), List.of(named));
    }

    @Test
    void aValuesFileThatContradictsTheRoleIsNamed() throws IOException {
        var file = Files.writeString(folder.resolve("contradiction.yaml"), """
                global:
                  inference: {enabled: false}
                """);
        refused(
                "shared",
                Map.of("valuesFiles", List.of(file.toString())),
                "contradiction.yaml",
                "global.inference.enabled");
    }

    @Test
    void aValuesFileThatIsNoYamlIsNamedWithItsLine() throws IOException {
        var file = Files.writeString(folder.resolve("broken.yaml"), """
                global:
                  inference: {enabled: true
                other: [
                """);
        refused("shared", Map.of("valuesFiles", List.of(file.toString())), "broken.yaml", "line");
    }

    @Test
    void anUnreachableClusterIsNamed() throws IOException {
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: gone, cluster: {server: "https://127.0.0.1:9"}}]
                contexts: [{name: gone, context: {cluster: gone, user: nobody}}]
                users: [{name: nobody, user: {}}]
                """);
        refused("shared", Map.of("kubeconfig", kubeconfig.toString(), "context", "gone"), "gone", "127.0.0.1:9");
    }

    @Test
    void allMistakesAreReportedTogether() {
        refused(
                "tenant1",
                Map.of("tenant", "Bad_Name", "context", "no-such-context", "inferenceApiUrl", "ftp://x", "typo", "1"),
                "Bad_Name",
                "no-such-context",
                "ftp://x",
                "typo");
    }

    private void refused(String base, Map<String, Object> changes, String... named) {
        isRefusedBeforeAnythingIsTouched(base, config -> config.putAll(changes), List.of(named));
    }

    /** Every object that could have been made or changed, with its version; not what the plugin's tests leave to be deleted. */
    private List<String> objects() {
        var columns = "{.kind}/{.metadata.namespace}/{.metadata.name}/{.metadata.resourceVersion}{\"\\n\"}";
        return sandbox.kubectl("get " + KINDS + " -A -o jsonpath={range.items[*]}" + columns + "{end}")
                .lines()
                .filter(object -> !object.contains("/plugin-test-"))
                .toList();
    }
}
