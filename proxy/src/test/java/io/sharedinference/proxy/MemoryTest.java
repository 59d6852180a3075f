package io.sharedinference.proxy;

import static io.sharedinference.proxy.RawClient.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proxy's process with the memory of its container survives clients that send as much as they can, stays within that
 * memory and serves other clients.
 */
@Tag("slow")
@Timeout(120)
class MemoryTest {
    private static final int CONTAINER_MIB = 512;
    private static final String LONG = "x".repeat(60_000);
    /** Without load shedding, other clients time out after thirty seconds; on a busy machine the flood itself takes ten. */
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(25);

    @TempDir
    private Path directory;

    private final HostileServer server;
    private final List<Socket> clients = Collections.synchronizedList(new ArrayList<>());
    private ProxyProcess proxy;

    MemoryTest() throws IOException {
        server = new HostileServer();
    }

    @AfterEach
    void close() throws Exception {
        proxy.kill();
        for (Socket client : List.copyOf(clients)) {
            client.close();
        }
        server.close();
        proxy.awaitEnd();
    }

    @Test
    void longPathsWhileTheLogIsNotRead() throws Exception {
        start(false);
        String request = crlf("GET /" + LONG + " HTTP/1.1\nHost: t\n\n");
        concurrently(8, i -> {
            RawClient client = new RawClient(proxy.apiPort());
            clients.add(client.socket());
            for (int sent = 0; sent < 500; sent++) {
                assertEquals(401, client.send(request).response().status());
            }
        });
        assertServes();
    }

    @Test
    void longPathsOfRequestsThatWaitForTheirResponses() throws Exception {
        start(true);
        flood(3_500, "GET /silent/" + LONG + " HTTP/1.1\nHost: t\nAuthorization: Bearer user\n\n");
        assertServes();
    }

    @Test
    void completeHeaderSectionsThatWaitForTheIam() throws Exception {
        start(true, "IAM_TIMEOUT", "60s");
        flood(6_000, "GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer slow-%d\nX: " + LONG + "\n\n");
        assertServes();
    }

    @Test
    void longPathsThatWaitForTheIam() throws Exception {
        start(true, "IAM_TIMEOUT", "60s");
        flood(6_000, "GET /" + LONG + " HTTP/1.1\nHost: t\nAuthorization: Bearer slow-%d\n\n");
        assertServes();
    }

    @Test
    void longTokensThatWaitForTheIam() throws Exception {
        start(true, "IAM_TIMEOUT", "60s");
        flood(6_000, "GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer slow-%d-" + "x".repeat(8_000) + "\n\n");
        assertServes();
    }

    @Test
    void longTokensOfDisconnectedClients() throws Exception {
        start(true);
        String request = crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer slow-%s-" + "x".repeat(8_000) + "\n\n");
        AtomicInteger number = new AtomicInteger();
        concurrently(8, i -> {
            for (int sent = 0; sent < 2_000; sent++) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.apiPort())) {
                    client.getOutputStream()
                            .write(request.formatted(number.incrementAndGet()).getBytes(StandardCharsets.US_ASCII));
                }
            }
        });
        assertServes();
    }

    @Test
    void incompleteHeaderSections() throws Exception {
        start(true);
        flood(4_000, "GET /x HTTP/1.1\nHost: t\nX: " + LONG);
        assertServes();
        try (RawClient other = new RawClient(proxy.apiPort())) {
            other.send(crlf("GET /version HTTP/1.1\nHost: t\nX: "));
            flood(600, "GET /x HTTP/1.1\nHost: t\nX: " + LONG);
            assertEquals(200, other.send("y\r\n\r\n").response().status(), "a small header section was freed first");
        }
    }

    @Test
    void manySmallIncompleteHeaderSections() throws Exception {
        start(true);
        flood(8_000, "GET /x HTTP/1.1\nHost: t\nX: ");
        assertServes();
    }

    @Test
    void uploadsThatTheSharedApiDoesNotRead() throws Exception {
        start(true);
        flood(
                3_000,
                "POST /silent HTTP/1.1\nHost: t\nAuthorization: Bearer user\nContent-Length: 786000\n\n"
                        + "x".repeat(786_000));
        assertServes();
        disconnect();
        assertServes();
    }

    @Test
    void bodiesBufferedToAddIncludeUsage() throws Exception {
        start(true, "STREAM_USAGE", "true");
        flood(
                400,
                "POST /chat/completions HTTP/1.1\nHost: t\nAuthorization: Bearer user\nContent-Type: application/json\n"
                        + "Content-Length: 786001\n\n" + "x".repeat(786_000));
        assertServes();
        disconnect();
        assertServes();
    }

    @Test
    void responsesThatClientsDoNotRead() throws Exception {
        start(true);
        flood(2_000, "GET /large HTTP/1.1\nHost: t\nAuthorization: Bearer user\n\n");
        assertServes();
    }

    @Test
    void metricsOfManyUsersAndModels() throws Exception {
        start(true, "USER_METRICS", "true");
        concurrently(8, task -> {
            RawClient client = new RawClient(proxy.apiPort());
            clients.add(client.socket());
            for (int user = task; user < 1_000; user += 8) {
                StringBuilder requests = new StringBuilder();
                for (int model = 0; model < 100; model++) {
                    String body = "{\"model\":\"" + "m".repeat(80) + model + "\"}";
                    requests.append(crlf("POST /chat/completions HTTP/1.1\nHost: t\nAuthorization: Bearer user-" + user
                                    + "\nContent-Type: application/json\nContent-Length: " + body.length() + "\n\n"))
                            .append(body);
                }
                client.send(requests.toString());
                for (int model = 0; model < 100; model++) {
                    assertEquals(200, client.response().status());
                }
            }
        });
        concurrently(4, i -> {
            for (int scrape = 0; scrape < 3; scrape++) {
                int length = metrics().length();
                assertTrue(length > 100_000 && length < 4_000_000, "a scrape of " + length);
            }
        });
        assertServes();
    }

    private interface Task {
        void run(int number) throws Exception;
    }

    private static void concurrently(int count, Task task) throws Exception {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    task.run(number);
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), failures::toString);
    }

    /** Opens connections and sends as much of the request on each as is accepted; responses are not read. */
    private void flood(int connections, String request) throws Exception {
        // all connections share the bytes after the number, to save the test's memory
        int number = Math.max(0, request.indexOf("%d"));
        byte[] rest = crlf(request.substring(number).replace("%d", "")).getBytes(StandardCharsets.US_ASCII);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Socket client = new Socket();
            client.setReceiveBufferSize(8 * 1024);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.apiPort()));
            clients.add(client);
            String start = number == 0 ? "" : crlf(request.substring(0, number)) + i;
            senders.add(Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
                    client.getOutputStream().write(rest);
                } catch (IOException e) {
                    // the proxy closed the connection
                }
            }));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        for (Thread sender : senders) {
            sender.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    private void disconnect() throws IOException {
        for (Socket client : List.copyOf(clients)) {
            client.close();
        }
        clients.clear();
    }

    private void assertServes() throws Exception {
        long slowest = 0;
        for (int i = 0; i < 20; i++) {
            long begun = System.nanoTime();
            assertEquals(
                    200,
                    RawClient.exchange(
                                    proxy.apiPort(),
                                    "GET /models_available HTTP/1.1\nHost: t\nAuthorization: Bearer user\nX: " + i
                                            + "\n\n")
                            .status());
            slowest = Math.max(slowest, System.nanoTime() - begun);
        }
        assertTrue(proxy.process().isAlive(), "the process exited");
        assertEquals(List.of(), List.copyOf(proxy.failures()).stream().limit(3).toList(), "allocations failed");
        String resident = Files.readAllLines(Path.of("/proc/" + proxy.process().pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        int mib = Integer.parseInt(resident.replaceAll("\\D", "")) / 1024;
        assertTrue(mib < CONTAINER_MIB, "the container's memory is exceeded: " + mib + " MiB");
        assertTrue(slowest < MAX_WAIT_NANOS, "other clients wait: " + slowest / 1_000_000 + " ms");
    }

    private String metrics() throws IOException {
        return RawClient.exchange(proxy.opsPort(), "GET /metrics HTTP/1.1\nHost: ops\n\n")
                .body();
    }

    private void start(boolean logRead, String... settings) throws IOException {
        Files.writeString(directory.resolve("remote-inference-api-url"), server.url());
        Files.writeString(directory.resolve("remote-inference-api-token"), "service-token");
        Map<String, String> environment = ProxyProcess.environment(server.url(), directory, "DRAIN_DELAY", "0ms");
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        // 40 % of the container's memory, as in jvm.options
        proxy = ProxyProcess.start(environment, logRead, List.of("@src/image/jvm.options", "-Xms205m", "-Xmx205m"));
        // caches the decision about the user
        assertEquals(
                200,
                RawClient.exchange(
                                proxy.apiPort(),
                                "GET /models_available HTTP/1.1\nHost: t\nAuthorization: Bearer user\n\n")
                        .status());
    }
}
