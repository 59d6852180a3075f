package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.chart.ChartRepository;
import io.sharedinference.image.FakeRegistry;
import io.sharedinference.project.Credentials;
import io.sharedinference.tls.PrivateCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Charts that need a login, as docs/adding-tenants.md describes. Each test deploys the stack from another source. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartLoginIT {

    private static final String STACK = "login";
    private static final String PASSWORD = ChartRepository.PASSWORD;

    private Sandbox sandbox;
    private Project project;
    private ChartRepository repository;
    private FakeRegistry registry;

    @BeforeAll
    void serve(Sandbox running, @TempDir Path directory) throws Exception {
        var ca = PrivateCa.create(directory, "ip:127.0.0.1");
        sandbox = running.with(Map.of(
                "SSL_CERT_FILE", ca.pem().toString(),
                "HELM_CONFIG_HOME", directory.resolve("helm").toString(),
                "HELM_CACHE_HOME", directory.resolve("cache").toString()));
        project = new Project(sandbox, directory.resolve("project"));
        var packages = packaged(directory);
        repository = ChartRepository.serve(packages);
        registry = FakeRegistry.open(ca.context(), Optional.of(new Credentials(ChartRepository.USERNAME, PASSWORD)));
        helm("registry", "login", registry.host(), "--username", ChartRepository.USERNAME, "--password", PASSWORD);
        helm("push", packages.resolve("note-1.0.0.tgz").toString(), "oci://" + registry.host() + "/charts");
    }

    private Path packaged(Path directory) throws IOException {
        var chart = directory.resolve("note");
        Files.createDirectories(chart.resolve("templates"));
        Files.writeString(chart.resolve("Chart.yaml"), "{apiVersion: v2, name: note, version: 1.0.0}");
        Files.writeString(chart.resolve("templates/note.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: note}
                data: {note: "{{ .Values.note }}"}
                """);
        var packages = Files.createDirectory(directory.resolve("packages"));
        helm("package", chart.toString(), "--destination", packages.toString());
        helm("repo", "index", packages.toString());
        return packages;
    }

    @AfterAll
    void cleanUp() {
        if (project != null) {
            project.destroy(STACK);
        }
        if (repository != null) {
            repository.close();
        }
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void aPasswordInTheStackFileStaysEncrypted() throws IOException {
        configure("stack-file", repositoryLogin());
        project.pulumi("config", "set", "--secret", "chartRepositoryPassword", "wrong-wrong", "--stack", STACK)
                .succeeded();
        var refused = project.up(STACK);
        assertTrue(refused.failed().contains("401"), refused.output());
        assertFalse(refused.output().contains("wrong-wrong"), refused.output());

        project.pulumi("config", "set", "--secret", "chartRepositoryPassword", PASSWORD, "--stack", STACK)
                .succeeded();
        assertDeployed("stack-file");
        assertFalse(project.transcript().contains(PASSWORD), project.transcript());
        try (var files = Files.walk(project.directory())) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> assertFalse(content(file).contains(PASSWORD), file.toString()));
        }
    }

    @Test
    void aHelmRepositoryIsUsedWithItsLogin() {
        helm("repo", "add", "vendor", repository.url(), "--username", ChartRepository.USERNAME, "--password", PASSWORD);
        configure("vendor", Map.of("chart", "vendor/note"));
        assertDeployed("vendor");
    }

    @Test
    void anOciChartIsPulledWithTheLoginOfTheRegistry() {
        configure("oci", Map.of("chart", "oci://" + registry.host() + "/charts/note", "chartVersion", "1.0.0"));
        assertDeployed("oci");
    }

    private Map<String, Object> repositoryLogin() {
        return Map.of(
                "chart",
                "note",
                "chartRepository",
                repository.url(),
                "chartRepositoryUsername",
                ChartRepository.USERNAME);
    }

    private void configure(String note, Map<String, Object> source) {
        var config = new HashMap<>(sandbox.config("shared"));
        config.putAll(Map.of(
                "namespace",
                "login",
                "tenants",
                List.of(),
                "valuesFiles",
                List.of(),
                "values",
                Map.of("note", note),
                "protect",
                "false"));
        config.putAll(source);
        project.configure(STACK, config);
    }

    /** Preview and drift check must log in too. */
    private void assertDeployed(String note) {
        project.up(STACK).succeeded();
        assertEquals(note, sandbox.kubectl("-n login get configmap note -o jsonpath={.data.note}"));
        var directory = project.directory().toString();
        assertEquals(
                "### `" + STACK + "`: no changes",
                project.sandbox()
                        .run("./tenant", "preview", STACK, "--cwd", directory)
                        .succeeded()
                        .strip());
        assertEquals(
                "### `" + STACK + "`, drift: no changes",
                project.sandbox()
                        .run("./tenant", "preview", STACK, "--drift", "--cwd", directory)
                        .succeeded()
                        .strip());
    }

    private void helm(String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = "helm";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        sandbox.run(command).succeeded();
    }

    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
