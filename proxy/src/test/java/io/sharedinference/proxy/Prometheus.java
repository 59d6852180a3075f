package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Prometheus process on a free port, which scrapes proxies every two seconds and evaluates rules. */
final class Prometheus implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final Process process;
    private final URI url;

    private Prometheus(Process process, int port) {
        this.process = process;
        this.url = URI.create("http://127.0.0.1:" + port);
    }

    /** The program; if it is missing, the test is skipped, except in CI, where it fails. */
    static Path program() {
        Optional<Path> program = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
        if (System.getenv("CI") == null) {
            assumeTrue(program.isPresent(), "SKIPPED: prometheus is not installed");
        }
        return program.orElseThrow(() -> new AssertionError("prometheus is not installed in CI"));
    }

    /** Starts scraping the ports of these tenants, with the labels that the configuration key monitoring adds. */
    static Prometheus start(Path directory, Path rules, Map<String, Integer> tenants) throws Exception {
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
            global: {scrape_interval: 2s, evaluation_interval: 2s}
            rule_files: [%s]
            scrape_configs:
              - job_name: inference-api-proxy
                static_configs:
            %s
            """.formatted(
                        rules.toAbsolutePath(),
                        tenants.entrySet().stream()
                                .map(tenant -> """
                                          - {targets: ["127.0.0.1:%d"], labels: {tenant: %2$s, namespace: %2$s, pod: %2$s-0}}
                                    """.formatted(tenant.getValue(), tenant.getKey()))
                                .collect(Collectors.joining())));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) { // another process may take the port
            Prometheus started = start(directory, configuration, freePort());
            if (started.ready()) {
                return started;
            }
            started.close();
        }
        throw new AssertionError("prometheus did not start:\n" + Files.readString(directory.resolve("log")));
    }

    private static Prometheus start(Path directory, Path configuration, int port) throws IOException {
        Process process = new ProcessBuilder(
                        program().toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        return new Prometheus(process, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until Prometheus is ready; false if it has exited. */
    private boolean ready() throws Exception {
        while (process.isAlive()) {
            try {
                if (get("/-/ready").statusCode() == 200) {
                    return process.isAlive();
                }
            } catch (IOException e) {
                // not listening yet
            }
            Thread.sleep(50);
        }
        return false;
    }

    /** The {@code data} of an API response. */
    JsonNode api(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get("/api/v1/" + path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.body());
        }
        return json.readTree(response.body()).path("data");
    }

    /** The result of an instant query. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        return api("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .orTimeout(30, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
        http.close();
    }
}
