package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sharedinference.tls.PrivateCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failed request is reported with its cause in one line, then a fix. */
class RequestFailureTest {

    @TempDir
    Path directory;

    @Test
    void reportsARefusedConnection() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var message = message("http://127.0.0.1:" + port, "{}");
        assertReported("Connection refused", message);
        assertTrue(message.contains("127.0.0.1:" + port), message);
    }

    @Test
    void reportsAnUnknownHost() throws IOException {
        assertReported("failed: unknown host no-such-host.invalid.", message("https://no-such-host.invalid:1", "{}"));
    }

    @Test
    void reportsAnUntrustedCertificate() throws Exception {
        try (var server =
                RecordingServer.tls(PrivateCa.create(directory, "ip:127.0.0.1").context())) {
            assertReported("failed: TLS certificate not accepted, ", message(server.url(), "{}"));
        }
    }

    @Test
    void reportsAMissingTokenFile() throws IOException {
        assertReported("gone", message("http://127.0.0.1:1", "{tokenFile: gone}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | Unauthorized | 401 Unauthorized, the credentials are invalid or expired. | kubectl --context there auth whoami
            403 | secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "blue" | 403 secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "blue". | auth can-i
            503 | etcd is down | 503 etcd is down. | get --raw /readyz
            """)
    void reportsTheStatusOfTheServer(int code, String status, String cause, String fix) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": %d, \"message\": \"%s\"}"
                    .formatted(code, status.replace("\"", "\\\""))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            var message = message("http://127.0.0.1:" + server.getAddress().getPort(), "{}");
            assertReported("request to the cluster of context there failed: " + cause, message);
            assertTrue(message.lines().skip(1).findFirst().orElseThrow().contains(fix), message);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void reportsTheReasonOfAStatusWithoutAMessage() {
        try (var server = new FakeCluster();
                var cluster = server.open(directory)) {
            var refused = assertThrows(ClusterException.class, () -> cluster.secretNames("blue"));
            assertReported("failed: 404 NotFound.", refused.getMessage());
        }
    }

    private static void assertReported(String cause, String message) {
        assertTrue(message.lines().findFirst().orElseThrow().contains(cause), message);
        assertTrue(message.lines().skip(1).findFirst().orElseThrow().startsWith("Fix: "), message);
        assertEquals(2, message.lines().count(), message);
    }

    private String message(String server, String user) throws IOException {
        var file = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: here, cluster: {server: "%s"}}
                contexts:
                - {name: there, context: {cluster: here, user: somebody}}
                users:
                - {name: somebody, user: %s}
                """.formatted(server, user));
        try (var cluster = Cluster.open(Optional.of(file), "there")) {
            return assertThrows(ClusterException.class, () -> cluster.secretNames("blue"))
                    .getMessage();
        }
    }
}
