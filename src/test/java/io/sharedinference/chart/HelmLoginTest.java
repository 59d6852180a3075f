package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.program.Values;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problems;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackFiles;
import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charts in a repository that requires a login, with the real helm and a real server. */
class HelmLoginTest {

    @TempDir
    Path directory;

    private ChartRepository repository;
    private Path helm;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        Path installed = Tool.required("helm");
        helm = Files.writeString(directory.resolve("helm"), """
                #!/bin/sh
                echo "$@" >> '%1$s/arguments'
                export HELM_REPOSITORY_CONFIG="${HELM_REPOSITORY_CONFIG:-%1$s/repositories.yaml}"
                export HELM_REPOSITORY_CACHE="${HELM_REPOSITORY_CACHE:-%1$s/cache}"
                exec '%2$s' "$@"
                """.formatted(directory, installed));
        Files.setPosixFilePermissions(helm, PosixFilePermissions.fromString("rwx------"));
        var chart = Files.createDirectories(directory.resolve("pharia-ai/templates"));
        Files.writeString(
                directory.resolve("pharia-ai/Chart.yaml"), "{apiVersion: v2, name: pharia-ai, version: 1.2.3}");
        Files.writeString(chart.resolve("map.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: "{{ .Values.name }}"}
                """);
        var packages = Files.createDirectory(directory.resolve("packages"));
        helm("package", directory.resolve("pharia-ai").toString(), "--destination", packages.toString());
        helm("repo", "index", packages.toString());
        repository = ChartRepository.serve(packages);
    }

    @AfterEach
    void stop() {
        if (repository != null) {
            repository.close();
        }
    }

    @Test
    void rendersChartWithoutPasswordInArguments() throws IOException {
        var config = configWithPassword(ChartRepository.PASSWORD);
        assertTrue(render(config).contains("name: \"made\""));
        var arguments = Files.readString(directory.resolve("arguments"));
        assertTrue(arguments.contains("--password-stdin"), arguments);
        assertFalse(arguments.contains(ChartRepository.PASSWORD), arguments);
    }

    @Test
    void reportsWrongPasswordWithoutShowingIt() {
        var config = configWithPassword("wrong-wrong");
        var message = assertThrows(ChartException.class, () -> render(config)).getMessage();
        assertTrue(message.contains("401"), message);
        assertFalse(message.contains("wrong-wrong"), message);
    }

    @Test
    void rejectsEncryptedPassword() throws IOException {
        var config = configWithPassword(StackFiles.SECRET);
        Files.delete(directory.resolve("arguments"));
        var message = assertThrows(ChartException.class, () -> render(config)).getMessage();
        assertTrue(message.contains("encrypted in the stack file"), message);
        assertFalse(Files.exists(directory.resolve("arguments")));
    }

    @Test
    void usesLoginOfConfiguredRepository() throws Exception {
        var add = process("repo", "add", "vendor", repository.url(), "--username", "me", "--password-stdin");
        try (var input = add.getOutputStream()) {
            input.write(ChartRepository.PASSWORD.getBytes());
        }
        assertEquals(0, add.waitFor());
        assertTrue(render(config(Map.of("chart", "vendor/pharia-ai"))).contains("name: \"made\""));
    }

    private InstallationConfig configWithPassword(String password) {
        return config(Map.of(
                "chart",
                "pharia-ai",
                "chartRepository",
                repository.url(),
                "chartRepositoryUsername",
                "me",
                "chartRepositoryPassword",
                password));
    }

    private String render(InstallationConfig config) throws ChartException {
        return new Helm(config, directory.resolve("packages"), helm.toString())
                .renderOffline(Values.of("name", "made"));
    }

    private static InstallationConfig config(Map<String, String> keys) {
        var all = ConfigFixtures.shared();
        all.putAll(keys);
        var problems = new Problems();
        var config =
                StackConfig.parse(ConfigFixtures.settings(all, "shared-inference:chartRepositoryPassword"), problems);
        problems.throwIfAny("mine");
        return config.orElseThrow().installed().orElseThrow();
    }

    private void helm(String... arguments) throws IOException, InterruptedException {
        assertEquals(0, process(arguments).waitFor());
    }

    private Process process(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(helm.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }
}
