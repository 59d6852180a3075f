import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the proxy from its image's files against an IAM and an origin on loopback, and saves the JVM's training data. */
final class Rehearsal {
    private static final int ROUNDS = 20;
    private static final int SECONDS = 120;
    private static final Pattern STARTED = Pattern.compile("\"started\".*\"api_port\":(\\d+),\"ops_port\":(\\d+)");

    private final Path image;
    private final Path work;

    Rehearsal(Path image, Path work) {
        this.image = image;
        this.work = work;
    }

    /** @throws IOException if the proxy does not start, respond or exit as expected; its output is in the work directory */
    void writeCache(Path cache) throws IOException, InterruptedException {
        Path secret = Files.createDirectories(work.resolve("secret"));
        HttpServer peers = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peers.createContext("/", Rehearsal::answer);
        peers.start();
        try {
            String url = "http://127.0.0.1:" + peers.getAddress().getPort();
            Files.writeString(secret.resolve("remote-inference-api-url"), url);
            Files.writeString(secret.resolve("remote-inference-api-token"), "rehearsal");
            play(url, secret);
        } finally {
            peers.stop(0);
        }
        // no machine code: the cache must not depend on this machine's processor
        ProcessBuilder create = java(
                "-XX:AOTMode=create",
                "-XX:AOTCache=" + cache,
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-AOTAdapterCaching",
                "-XX:-AOTStubCaching");
        ended(create.redirectOutput(work.resolve("create.log").toFile()).start(), 0);
    }

    private void play(String url, Path secret) throws IOException, InterruptedException {
        Path log = work.resolve("proxy.log");
        ProcessBuilder record = java("-XX:AOTMode=record");
        record.environment()
                .putAll(Map.of(
                        "IAM_URL",
                        url,
                        "SECRET_DIRECTORY",
                        secret.toString(),
                        "API_PORT",
                        "0",
                        "OPS_PORT",
                        "0",
                        "DRAIN_DELAY",
                        "0s"));
        Process proxy = record.redirectOutput(log.toFile()).start();
        try {
            Matcher started = started(proxy, log);
            requests("http://127.0.0.1:" + started.group(1), "http://127.0.0.1:" + started.group(2));
            proxy.destroy();
            ended(proxy, 143);
        } finally {
            proxy.destroyForcibly();
        }
    }

    private ProcessBuilder java(String... flags) {
        List<String> command = new ArrayList<>(List.of(
                image.resolve("jre/bin/java").toString(),
                "@" + image.resolve("app/jvm.options"),
                "-Xmx200m",
                "-Djava.library.path=" + image.resolve("app"),
                "-XX:AOTConfiguration=" + work.resolve("proxy.aotconf")));
        command.addAll(List.of(flags));
        command.addAll(
                List.of("-jar", image.resolve("app/inference-api-proxy.jar").toString()));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private static Matcher started(Process proxy, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (proxy.isAlive() && System.nanoTime() < end) {
            Matcher started = STARTED.matcher(Files.readString(log));
            if (started.find()) {
                return started;
            }
            Thread.sleep(20);
        }
        throw new IOException("the proxy did not start; see " + log);
    }

    private static void requests(String api, String ops) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < ROUNDS; i++) {
                expect(200, client, HttpRequest.newBuilder(URI.create(api + "/version")));
                expect(401, client, HttpRequest.newBuilder(URI.create(api + "/model-settings")));
                expect(
                        200,
                        client,
                        HttpRequest.newBuilder(URI.create(api + "/complete"))
                                .header("Authorization", "Bearer user" + i % 3)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"prompt\":\"p\"}")));
                for (String path : List.of("/healthz", "/readyz", "/metrics")) {
                    expect(200, client, HttpRequest.newBuilder(URI.create(ops + path)));
                }
            }
        }
    }

    private static void expect(int status, HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IOException(answer + " where " + status + " was expected: " + answer.body());
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        boolean iam = exchange.getRequestURI().getPath().equals("/check_user");
        byte[] body = (iam ? "{\"sub\":\"user\",\"email\":null,\"email_verified\":null,\"permissions\":[]}" : "1.0.0")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", iam ? "application/json" : "text/plain");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void ended(Process process, int status) throws IOException, InterruptedException {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the rehearsal took over " + SECONDS + " s; see " + work);
        }
        if (process.exitValue() != status) {
            throw new IOException("the rehearsal ended with " + process.exitValue() + "; see " + work);
        }
    }
}
