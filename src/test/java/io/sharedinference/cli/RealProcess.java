package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command line in a separate process, on a project with the real {@code pulumi} and a local backend. A script replaces the
 * program, so that no cluster is needed.
 *
 * @param directory the project is in its {@code project}
 * @param tools  directory of {@code pulumi} and its Java host
 */
record RealProcess(Path directory, Path tools) {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String PROJECT = """
            name: shared-inference
            runtime:
              name: java
              options:
                use-executor: ./program
            """;
    private static final String STACK = """
            config:
              shared-inference:role: %s
              shared-inference:context: nowhere
              shared-inference:chart: oci://registry.test/pharia-ai
              shared-inference:domain: %s.test
            """;

    /** With the stacks shared, which is initialized, and tenant1. @param script replaces the program */
    static RealProcess in(Path directory, String script) throws Exception {
        var tools = installed();
        assumeTrue(tools.isPresent(), "pulumi and its Java host are neither on PATH nor in the sandbox's cache");
        var process = new RealProcess(directory, tools.get());
        Files.createDirectories(directory.resolve("state"));
        var project = Files.createDirectories(process.project());
        Files.writeString(project.resolve("Pulumi.yaml"), PROJECT);
        Files.writeString(
                project.resolve("Pulumi.shared.yaml"),
                STACK.formatted("shared", "shared") + "  shared-inference:tenants:\n    - tenant1\n");
        Files.writeString(
                project.resolve("Pulumi.tenant1.yaml"),
                STACK.formatted("tenant", "tenant1")
                        + "  shared-inference:tenant: tenant1\n  shared-inference:sharedStack: shared\n"
                        + "  shared-inference:proxyImage: registry.test/proxy:1\n");
        var program = Files.writeString(project.resolve("program"), """
                #!/bin/sh
                case "$*" in *mainArgs=packages*) echo '[]'; exit ;; esac
                """ + script);
        assertTrue(program.toFile().setExecutable(true));
        process.finished(process.tools.resolve("pulumi").toString(), "stack", "init", "shared");
        return process;
    }

    private static Optional<Path> installed() throws IOException {
        var directories = new ArrayList<>(Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(Path::of)
                .toList());
        var cache = Path.of(System.getProperty("user.home"), ".cache/shared-inference/tools");
        if (Files.isDirectory(cache)) {
            try (var tools = Files.list(cache)) {
                directories.addAll(tools.toList());
            }
        }
        return directories.stream()
                .filter(project -> Stream.of("pulumi", "pulumi-language-java")
                        .allMatch(name -> Files.isExecutable(project.resolve(name))))
                .findFirst();
    }

    Path project() {
        return directory.resolve("project");
    }

    /** The command that starts the command line, without arguments. */
    static List<String> tenant() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Tenant.class.getName());
    }

    /** In a separate process group, as a shell starts a foreground job. */
    Process started(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
        command.addAll(tenant());
        command.addAll(List.of(arguments));
        return builder(command).start();
    }

    ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).directory(project().toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PULUMI_") || name.startsWith("TENANT_"));
        builder.environment().put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
        builder.environment()
                .put("PULUMI_BACKEND_URL", directory.resolve("state").toUri().toString());
        builder.environment().put("PULUMI_CONFIG_PASSPHRASE", "test");
        builder.environment().put("PULUMI_SKIP_UPDATE_CHECK", "true");
        builder.environment().put("PULUMI_HOME", directory.resolve("home").toString());
        return builder;
    }

    String finished(String... command) throws Exception {
        var process = builder(List.of(command)).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** Waits for a file that the program creates. */
    void await(String file, Process process) throws Exception {
        var end = Instant.now().plus(TIMEOUT);
        while (Files.notExists(project().resolve(file))) {
            assertTrue(process.isAlive(), "the process exited early");
            assertTrue(Instant.now().isBefore(end), file + " does not exist");
            Thread.sleep(20);
        }
    }
}
