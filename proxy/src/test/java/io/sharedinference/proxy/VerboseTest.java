package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process with all loggers at their finest level. */
class VerboseTest {
    private static final String SERVICE_TOKEN = "hidden-service-token";
    private static final List<String> USER_TOKENS =
            List.of("allowed-user-token", "denied-user-token", "unknown-user-token", "broken-user-token");

    @TempDir
    private Path directory;

    @Test
    void tokensAreNeverLoggedAtAnyLevel() throws Exception {
        try (FakeOrigin origin = new FakeOrigin();
                FakeIam iam = new FakeIam().user(USER_TOKENS.get(0), "u")) {
            iam.on(USER_TOKENS.get(1), new FakeIam.CheckUserResponse(403, "{}"));
            iam.on(USER_TOKENS.get(3), new FakeIam.CheckUserResponse(500, "{}"));
            origin.on("/broken", call -> call.send("nonsense\r\n\r\n"));
            Files.writeString(directory.resolve("remote-inference-api-token"), SERVICE_TOKEN);
            mount(origin.url());
            String output = outputOf(iam);
            assertTrue(output.contains("io.netty.") && output.contains("okhttp3."), "libraries log: " + output);
            assertTrue(output.contains("\"outcome\":\"shared_api_protocol_error\""), output);
            assertTrue(output.contains("\"outcome\":\"bad_request\""), output);
            assertFalse(output.contains(SERVICE_TOKEN), output);
            USER_TOKENS.forEach(token -> assertFalse(output.contains(token), output));
        }
    }

    /** Both outputs after requests with all outcomes. */
    private String outputOf(FakeIam iam) throws Exception {
        Path levels = Files.writeString(directory.resolve("logging.properties"), """
            handlers = java.util.logging.ConsoleHandler
            .level = FINEST
            java.util.logging.ConsoleHandler.level = FINEST
            """);
        Process process = ProxyProcess.launch(
                ProxyProcess.environment(iam.url(), directory, "DRAIN_DELAY", "0ms"),
                List.of("-Djava.util.logging.config.file=" + levels, "-Dio.netty.leakDetection.level=paranoid"));
        try {
            CompletableFuture<String> errors =
                    CompletableFuture.supplyAsync(() -> readRemaining(process.errorReader()));
            BufferedReader log = process.inputReader();
            int port = ProxyProcess.started(log).path("api_port").asInt();
            CompletableFuture<String> lines = CompletableFuture.supplyAsync(() -> readRemaining(log));
            requests(port);
            // Process.destroy would close the outputs
            process.toHandle().destroy();
            return lines.get() + errors.get();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void requests(int port) throws Exception {
        assertEquals(200, status(port, "/x", USER_TOKENS.get(0)));
        assertEquals(403, status(port, "/x", USER_TOKENS.get(1)));
        assertEquals(401, status(port, "/x", USER_TOKENS.get(2)));
        assertEquals(503, status(port, "/x", USER_TOKENS.get(3)));
        assertEquals(502, status(port, "/broken", USER_TOKENS.get(0)));
        assertEquals(400, status(port, "/x", USER_TOKENS.get(0) + "\nAuthorization: Bearer " + USER_TOKENS.get(0)));
        try (ServerSocket unused = new ServerSocket(0)) {
            mount("http://127.0.0.1:" + unused.getLocalPort());
        }
        ProxyFixture.eventually(() -> status(port, "/x", USER_TOKENS.get(0)) == 502);
    }

    private static int status(int port, String path, String token) throws IOException {
        return RawClient.exchange(port, "GET " + path + " HTTP/1.1\nHost: t\nAuthorization: Bearer " + token + "\n\n")
                .status();
    }

    private void mount(String url) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), url);
        Files.move(
                next, directory.resolve("remote-inference-api-url"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String readRemaining(BufferedReader output) {
        return output.lines().collect(Collectors.joining("\n"));
    }
}
