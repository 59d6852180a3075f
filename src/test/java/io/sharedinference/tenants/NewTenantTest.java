package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.ConfigException;
import io.sharedinference.pulumi.FakePulumi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewTenantTest {

    private static final String SHARED = """
            encryptionsalt: v1:abc
            config:
              shared-inference:role: shared
              shared-inference:namespace: pharia
              shared-inference:context: here
              shared-inference:chart: oci://registry.example.com/pharia
              shared-inference:domain: shared.example.com
              shared-inference:tenants: [blue]
            """;

    @TempDir
    Path directory;

    private Project project;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("Pulumi.blue.yaml"), """
                encryptionsalt: v1:abc
                config:
                  shared-inference:role: tenant
                  shared-inference:tenant: blue
                  shared-inference:namespace: blue-namespace
                  shared-inference:sharedStack: shared
                  shared-inference:context: here
                  shared-inference:chart: oci://registry.example.com/pharia
                  shared-inference:domain: blue.example.com
                  shared-inference:proxyImageRepository: registry.example.com/proxy
                  shared-inference:proxyRegistryUsername: robot
                  shared-inference:proxyRegistryPassword: {secure: AAAA}
                  shared-inference:sharedApiNamespace: ingress
                  shared-inference:valuesFiles: []
                """);
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), SHARED);
        project = TestProject.in(directory, FakePulumi.scripted(Map.of()));
    }

    @Test
    void copiesOnlySharedSettings() throws IOException {
        write(tenant("green", "blue", Map.of("proxyRegistryUsername", "", "networkPolicy", "false")));
        assertEquals("""
                config:
                  shared-inference:chart: oci://registry.example.com/pharia
                  shared-inference:context: here
                  shared-inference:domain: green.example.com
                  shared-inference:networkPolicy: 'false'
                  shared-inference:proxyImageRepository: registry.example.com/proxy
                  shared-inference:proxyRegistryUsername: ''
                  shared-inference:role: tenant
                  shared-inference:sharedApiNamespace: ingress
                  shared-inference:sharedStack: shared
                  shared-inference:tenant: green
                  shared-inference:valuesFiles: []
                """, written("green"));
    }

    /** They apply to the new tenant, too, also when they change later. */
    @Test
    void copiesNoValuesOfTheProjectFile() throws IOException {
        Files.writeString(directory.resolve("Pulumi.yaml"), """
                name: shared-inference
                config:
                  kubeconfig: {default: team.yaml}
                  releaseName: {default: pharia}
                  values: {default: {smtp: {secure: AAAA}}}
                """);
        var green = tenant("green", "blue", Map.of("proxyRegistryUsername", ""));
        write(green);
        assertFalse(written("green").matches("(?s).*(kubeconfig|releaseName|values:).*"), written("green"));
        assertEquals(List.of("proxyRegistryPassword"), green.missingSecrets(project));
    }

    @Test
    void createsAHandOverStackIfTheSharedStackExportsNoTokens() throws IOException {
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), SHARED + "  shared-inference:tokenOutputs: false\n");
        var green = tenant("green", "blue", Map.of("proxyRegistryUsername", ""));
        write(green);
        assertEquals("""
                config:
                  shared-inference:context: here
                  shared-inference:domain: shared.example.com
                  shared-inference:namespace: pharia
                  shared-inference:role: handover
                  shared-inference:tenant: green
                """, written("handover-green"));
        assertTrue(written("green").contains("sharedStack: handover-green"), written("green"));
        assertEquals(new TokenRoute("shared", Optional.of("handover-green")), route("green"));
        assertEquals(Optional.of(route("green")), project.handoverRoute("green"));
        assertEquals(Optional.empty(), project.handoverRoute("blue"));

        // and whoever is like one with a hand-over stack has one too, whatever the shared stack does
        var shared = directory.resolve("Pulumi.shared.yaml");
        Files.writeString(shared, Files.readString(shared).replace("tokenOutputs: false", "tokenOutputs: true"));
        var red = tenant("red", "green", Map.of());
        assertEquals("handover-red", red.handoverFile(project).orElseThrow().stack());
        var direct = tenant("red", "blue", Map.of());
        assertEquals(Optional.empty(), direct.handoverFile(project));
        assertEquals(new TokenRoute("shared", Optional.empty()), route("blue"));
        var asked = new NewTenant("red", "blue", Optional.empty(), true, Map.of(), List.of());
        assertEquals("handover-red", asked.handoverFile(project).orElseThrow().stack());
    }

    private TokenRoute route(String stack) {
        return project.route(project.tenant(stack).orElseThrow());
    }

    @Test
    void omitsTheSharedApiNamespaceInAnotherCluster() throws IOException {
        write(new NewTenant(
                "green", "blue", Optional.of("there"), false, Map.of("proxyRegistryUsername", ""), List.of()));
        assertTrue(written("green").contains("context: there"), written("green"));
        assertFalse(written("green").contains("sharedApiNamespace"), written("green"));
    }

    @Test
    void writesListsAndObjectsAsYaml() throws IOException {
        write(tenant("green", "blue", Map.of("proxyRegistryUsername", "", "values", "{\"a\": {\"b\": 1}}")));
        assertTrue(written("green").contains("shared-inference:values:\n    a:\n      b: 1\n"), written("green"));
    }

    @Test
    void reportsAllProblemsWithoutWritingAnInvalidFile() {
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> write(tenant("green", "blue", Map.of("typo", "1", "domain", "https://x"))));
        assertTrue(refused.getMessage().contains("shared-inference:typo"), refused.getMessage());
        assertTrue(refused.getMessage().contains("https://x"), refused.getMessage());
        assertEquals(List.of("blue", "shared"), project.files().stacks());
    }

    @Test
    void rejectsAnUnknownStackToCopyFrom() {
        LifecycleException refused =
                assertThrows(LifecycleException.class, () -> write(tenant("green", "red", Map.of())));
        assertTrue(refused.getMessage().contains("Pulumi.red.yaml"), refused.getMessage());
    }

    @Test
    void copiesValuesWithoutSecretsAndListsTheirPaths() throws IOException {
        append("blue", """
                  shared-inference:kubernetesPluginVersion: 4.30.0
                  shared-inference:values:
                    smtp: {host: mail.example.com, password: {secure: AAAA}}
                    studio: {replicas: 2, gone: null}
                    "with.dot": {key: {secure: AAAA}}
                    list: [one, {secure: AAAA}, {name: a, value: {secure: AAAA}}]
                """);
        var green = tenant("green", "blue", Map.of("proxyRegistryUsername", ""));
        write(green);
        assertTrue(written("green").contains("""
                  shared-inference:values:
                    smtp:
                      host: mail.example.com
                    studio:
                      replicas: 2
                      gone: null
                    list:
                    - one
                    - ''
                    - name: a
                """), written("green"));
        assertEquals(
                List.of(
                        "proxyRegistryPassword",
                        "values.smtp.password",
                        "values[\"with.dot\"].key",
                        "values.list[1]",
                        "values.list[2].value"),
                green.missingSecrets(project));
        assertEquals(
                "copied from blue, without its secrets: proxyRegistryPassword, values.smtp.password,"
                        + " values[\"with.dot\"].key, values.list[1], values.list[2].value",
                said.get(said.size() - 1));
    }

    @Test
    void doesNotListSecretsThatAreSet() throws IOException {
        var password = new SecretSetting("proxyRegistryPassword", "hunter2");
        assertThrows(ConfigException.class, () -> write(tenant("green", "blue", Map.of())));
        var green = new NewTenant("green", "blue", Optional.empty(), false, Map.of(), List.of(password));
        write(green);
        assertEquals(List.of(), green.missingSecrets(project));
        assertFalse(written("green").contains("hunter2") || written("green").contains("Password"), written("green"));
        assertFalse(password.toString().contains("hunter2"));
    }

    private static NewTenant tenant(String name, String like, Map<String, String> settings) {
        return new NewTenant(name, like, Optional.empty(), false, settings, List.of());
    }

    private void write(NewTenant tenant) {
        new Addition(project, tenant, Optional.empty(), stack -> true)
                .write((title, work) -> said.add(work.run(line -> {})));
    }

    private void append(String stack, String text) throws IOException {
        Files.writeString(directory.resolve("Pulumi." + stack + ".yaml"), text.indent(0), StandardOpenOption.APPEND);
    }

    private String written(String stack) throws IOException {
        return Files.readString(directory.resolve("Pulumi." + stack + ".yaml"));
    }
}
