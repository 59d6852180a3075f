package io.sharedinference.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The proxy as a process with only the given environment variables.
 *
 * @param failures log lines of unexpected errors, such as failed allocations
 */
record ProxyProcess(Process process, BufferedReader log, Queue<String> failures, int apiPort, int opsPort) {
    /** From the tests' environment, so that all tests can run with each transport. */
    static final Map<String, String> TRANSPORT =
            Map.of("TRANSPORT", Optional.ofNullable(System.getenv("TRANSPORT")).orElse("epoll"));

    /** Settings of a proxy on free ports. @param more alternating names and values */
    static Map<String, String> environment(String iam, Path secretDirectory, String... more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "IAM_URL", iam, "SECRET_DIRECTORY", secretDirectory.toString(), "API_PORT", "0", "OPS_PORT", "0"));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    /** Starts the proxy and waits until it is ready. */
    static ProxyProcess start(Map<String, String> environment) throws IOException {
        return start(environment, true, List.of());
    }

    /** If {@code logRead} is false, the log is not read after the start. */
    static ProxyProcess start(Map<String, String> environment, boolean logRead, List<String> flags) throws IOException {
        Process process = launch(environment, flags);
        BufferedReader log = process.inputReader();
        JsonNode started = started(log);
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        if (logRead) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> log.lines()
                            .filter(line -> line.contains("\"unexpected error\""))
                            .forEach(failures::add));
        }
        return new ProxyProcess(
                process,
                log,
                failures,
                started.path("api_port").asInt(),
                started.path("ops_port").asInt());
    }

    static Process launch(Map<String, String> environment, List<String> flags) throws IOException {
        return launch(List.of(), environment, flags);
    }

    /** Starts the proxy through another command. */
    static Process launch(List<String> before, Map<String, String> environment, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                List.of(java("java"), "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(TRANSPORT);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The log line of the start. */
    static JsonNode started(BufferedReader log) throws IOException {
        String line;
        while ((line = log.readLine()) != null) {
            if (line.contains("\"event\":\"started\"")) {
                return new JsonMapper().readTree(line);
            }
        }
        throw new IOException("the proxy exited before it started");
    }

    static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    boolean ready() {
        try {
            return RawClient.exchange(opsPort, "GET /readyz HTTP/1.1\nHost: ops\n\n")
                            .status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGTERM. {@link Process#destroy()} would close the log as well. */
    void terminate() {
        process.toHandle().destroy();
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    void kill() {
        process.destroyForcibly();
    }
}
