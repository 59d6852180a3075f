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
 * The proxy as the process that it is in its container, with nothing in its environment but what is given.
 *
 * @param failures lines of its log that report a failure of its own, such as buffers that it could not get
 */
record ProxyProcess(Process process, BufferedReader log, Queue<String> failures, int apiPort, int opsPort) {
    /** Of the environment that the tests run in, so that all of them can run on each transport. */
    static final Map<String, String> TRANSPORT =
            Map.of("TRANSPORT", Optional.ofNullable(System.getenv("TRANSPORT")).orElse("epoll"));

    /** Settings of a proxy on ports that the system chooses. @param more names and values in turn */
    static Map<String, String> environment(String iam, Path secretDirectory, String... more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "IAM_URL", iam, "SECRET_DIRECTORY", secretDirectory.toString(), "API_PORT", "0", "OPS_PORT", "0"));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    /** Starts it and waits until it serves. */
    static ProxyProcess start(Map<String, String> environment) throws IOException {
        return start(environment, true, List.of());
    }

    /** If {@code logRead} is false, its log is not read once it serves. */
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

    /** Behind a command that starts it in surroundings of its own. */
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

    /** What the log's line of the start says. */
    static JsonNode started(BufferedReader log) throws IOException {
        String line;
        while ((line = log.readLine()) != null) {
            if (line.contains("\"event\":\"started\"")) {
                return new JsonMapper().readTree(line);
            }
        }
        throw new IOException("it ended before it started");
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
