package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.telemetry.Log;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy as a process. */
@Tag("slow")
class MainTest {
    @TempDir
    private Path directory;

    @Test
    void invalidSettingsExitWithTwoAndAllProblems() throws Exception {
        Process process =
                ProxyProcess.launch(Map.of("IAM_URL", "pharia-iam", "API_PORT", "x", "DRAIN_DELAY", "soon"), List.of());
        String message = new String(process.getErrorStream().readAllBytes());
        assertEquals(2, process.waitFor());
        for (String name : List.of("IAM_URL", "API_PORT", "DRAIN_DELAY")) {
            assertTrue(message.contains(name), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"API_PORT", "OPS_PORT"})
    void aPortInUseExitsWithOneAndAFix(String port) throws Exception {
        try (FakeOrigin occupant = new FakeOrigin(new ServerSocket(0))) {
            Map<String, String> environment =
                    ProxyProcess.environment("http://localhost:1", directory, port, String.valueOf(occupant.port()));
            Process process = ProxyProcess.launch(environment, List.of());
            BufferedReader log = process.inputReader();
            List<String> errors = log.lines()
                    .filter(line -> line.contains("\"level\":\"error\""))
                    .toList();
            assertEquals(1, process.waitFor());
            assertEquals(1, errors.size(), errors.toString());
            assertTrue(
                    errors.getFirst().contains(port + " " + occupant.port() + " cannot be bound"), errors.toString());
            assertTrue(errors.getFirst().contains("\"fix\":\""), errors.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"API_PORT", "OPS_PORT"})
    void aFailedStartLeavesNoThreads(String port) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (FakeOrigin occupant = new FakeOrigin(new ServerSocket(0));
                Log log = new Log(new ByteArrayOutputStream())) {
            Map<String, String> environment =
                    ProxyProcess.environment("http://localhost:1", directory, port, String.valueOf(occupant.port()));
            Settings settings = Settings.from(environment);
            long began = System.nanoTime();
            assertThrows(IOException.class, () -> Proxy.start(settings, log));
            assertTrue(System.nanoTime() - began < 5_000_000_000L, "it took too long, even for a busy machine");
            ProxyFixture.eventually(() -> remainingThreads(before).isEmpty());
        }
    }

    /** Names of new event loops and Secret readers. */
    private static List<String> remainingThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.contains("EventLoop") || name.equals("secret"))
                .toList();
    }

    @Test
    void sigtermLetsAStreamFinish() throws Exception {
        CountDownLatch terminated = new CountDownLatch(1);
        try (FakeOrigin origin = new FakeOrigin();
                FakeIam iam = new FakeIam().user("user-token", "u")) {
            origin.on("/stream", call -> {
                call.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                call.sendChunk("begun");
                terminated.await();
                call.sendChunk("ended");
                call.send("0\r\n\r\n");
            });
            mount(origin.url());
            Process process = ProxyProcess.launch(environment(iam), List.of());
            BufferedReader log = process.inputReader();
            int port = ProxyProcess.started(log).path("api_port").asInt();
            try (RawClient client = new RawClient(port)) {
                client.send(crlf("GET /stream HTTP/1.1\nHost: t\nAuthorization: Bearer user-token\n\n"));
                client.readUntil("begun");
                // Process.destroy would close the log as well
                process.toHandle().destroy();
                assertTrue(Stream.generate(() -> line(log)).anyMatch(line -> line.contains("\"draining\"")));
                terminated.countDown();
                client.readUntil("0\r\n\r\n");
            }
            String rest = String.join("\n", log.lines().toList());
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            assertTrue(rest.contains("\"connections_broken_off\":0"), rest);
            assertFalse(rest.contains("user-token") || rest.contains("hidden-service-token"), rest);
        }
    }

    @Test
    void theCertificateOfTheSharedApiIsVerified() throws Exception {
        Path store = directory.resolve("store.p12");
        run(
                "keytool",
                "-genkeypair",
                "-alias",
                "origin",
                "-keyalg",
                "EC",
                "-dname",
                "CN=origin",
                "-storetype",
                "PKCS12",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString());
        try (FakeOrigin origin = new FakeOrigin(Tls.serverSocket(store, "changeit"));
                FakeIam iam = new FakeIam().user("user-token", "u")) {
            mount("https://127.0.0.1:" + origin.port());
            List<String> trusting =
                    List.of("-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=changeit");
            RawClient.Response echoed = uploadThrough(iam, trusting);
            assertEquals(200, echoed.status());
            assertTrue(echoed.body().endsWith("\r\n\r\n" + "x".repeat(100_000)));
            ErrorResponseTest.assertError(uploadThrough(iam, List.of()), 502, "shared_api_unreachable");
            mount("https://localhost:" + origin.port());
            ErrorResponseTest.assertError(uploadThrough(iam, trusting), 502, "shared_api_unreachable");
        }
    }

    private RawClient.Response uploadThrough(FakeIam iam, List<String> flags) throws Exception {
        Process process = ProxyProcess.launch(environment(iam), flags);
        try {
            int port =
                    ProxyProcess.started(process.inputReader()).path("api_port").asInt();
            return RawClient.exchange(
                    port,
                    "POST /x HTTP/1.1\nHost: t\nAuthorization: Bearer user-token\n" + "Content-Length: 100000\n\n"
                            + "x".repeat(100_000));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Map<String, String> environment(FakeIam iam) {
        return ProxyProcess.environment(iam.url(), directory, "DRAIN_DELAY", "50ms");
    }

    private void mount(String url) throws IOException {
        Files.writeString(directory.resolve("remote-inference-api-url"), url);
        Files.writeString(directory.resolve("remote-inference-api-token"), "hidden-service-token");
    }

    private static String line(BufferedReader log) {
        try {
            return log.readLine();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void run(String tool, String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of(ProxyProcess.java(tool)), Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
    }
}
