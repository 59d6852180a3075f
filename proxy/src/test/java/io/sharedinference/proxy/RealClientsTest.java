package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares common clients with a direct connection and through the proxy. */
@Tag("slow")
@ExtendWith(SharedProxy.class)
class RealClientsTest {
    private static final Path RESOURCES = Path.of("src/test/resources/openai");
    private static final Path VENV = Path.of("target/openai");
    private static final String EVENT =
            "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n";

    @TempDir
    private Path directory;

    private final ProxyFixture fixture;
    private final Semaphore cancelled = new Semaphore(0);

    RealClientsTest(ProxyFixture fixture) {
        this.fixture = fixture;
        fixture.origin
                .on("/chat/completions", this::chat)
                .on("/models", json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\"}]}"))
                .on("/models/unknown", json(404, "{\"error\":{\"message\":\"no such model\",\"code\":\"not_found\"}}"))
                .on("/hash", call -> {
                    String body = call.rawBody();
                    call.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body);
                });
    }

    @Test
    void theOpenaiSdk() throws Exception {
        assumeTrue(
                run(Map.of(), "sh", "-c", "command -v python3").status == 0, "SKIPPED: the openai SDK needs python3");
        install();
        String script = RESOURCES.resolve("client.py").toString();
        String direct = python(fixture.origin.port(), ProxyFixture.SERVICE_TOKEN, script);
        String viaProxy = python(fixture.port(), ProxyFixture.TOKEN, script);
        assertEquals(direct, viaProxy);
        assertTrue(viaProxy.contains("\"cancelled\": [\"0\", \"1\"]"), viaProxy);
        assertTrue(cancelled.tryAcquire(2, 10, TimeUnit.SECONDS), "the origin still sent what the SDK had cancelled");
        assertEquals(
                "401 unauthenticated\n",
                python(fixture.port(), "", RESOURCES.resolve("wrong_token.py").toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--http1.0",
                "--http2",
                "--compressed",
                "--head",
                "--request BREW --path-as-is",
                "--data-binary @BIG",
                "--upload-file BIG",
                "--upload-file - --header Transfer-Encoding:chunked",
                "--data-binary @BIG --header Expect:100-continue",
                "URL --request POST",
            })
    void curl(String options) throws Exception {
        Path big = Files.writeString(directory.resolve("big"), "0123456789abcdef".repeat(200_000));
        // for HTTP/1.0 and HEAD the origin's response differs only in the connection's fields
        assertEquals(
                curl(fixture.origin.port(), ProxyFixture.SERVICE_TOKEN, options, big),
                curl(fixture.port(), ProxyFixture.TOKEN, options, big));
    }

    private String curl(int port, String token, String options, Path big) throws Exception {
        String url = "http://127.0.0.1:" + port
                + (options.contains("BIG") || options.contains("-file") ? "/hash" : "/models");
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--include",
                "--max-time",
                "30",
                "--header",
                "Authorization: Bearer " + token,
                url));
        Stream.of(options.split(" "))
                .filter(option -> !option.isEmpty())
                .map(option -> option.replace("BIG", big.toString()).replace("URL", url))
                .forEach(command::add);
        Result result = run(Map.of(), command.toArray(String[]::new));
        assertEquals(0, result.status, result.output);
        return result.output.replaceAll("(?m)^(Connection: close|HTTP/1.1 100 Continue\r\n)\r\n", "");
    }

    private void chat(FakeOrigin.Call call) throws IOException {
        String body = call.rawBody();
        if (!body.contains("\"stream\":true") && !body.contains("\"stream\": true")) {
            json(
                            200,
                            "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + body.length()
                                    + "\"},\"finish_reason\":\"stop\"}]}")
                    .send(call);
            return;
        }
        call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        boolean endless = body.contains("endless");
        for (int i = 0; i < 3; i++) {
            call.sendChunk(EVENT.formatted(i));
        }
        if (endless) {
            call.awaitClosed();
            cancelled.release();
            call.socket().close();
        } else {
            call.sendChunk("data: [DONE]\n\n");
            call.send("0\r\n\r\n");
        }
    }

    private static Json json(int status, String text) {
        return new Json("HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nContent-Length: ", text);
    }

    private record Json(String headerSection, String text) implements FakeOrigin.Handler {
        @Override
        public void respond(FakeOrigin.Call call) throws IOException {
            call.rawBody();
            send(call);
        }

        void send(FakeOrigin.Call call) throws IOException {
            call.send(headerSection + text.length() + "\r\n\r\n"
                    + (call.headerSection().startsWith("HEAD ") ? "" : text));
        }
    }

    /** Installs the pinned packages, again only if the pins change. */
    private static void install() throws Exception {
        Path required = RESOURCES.resolve("requirements.txt");
        Path installed = VENV.resolve("installed");
        if (Files.exists(installed) && Files.mismatch(required, installed) < 0) {
            return;
        }
        Result venv = run(Map.of(), "python3", "-m", "venv", VENV.toString());
        assertEquals(0, venv.status, venv.output);
        Result pip = run(
                Map.of(),
                VENV.resolve("bin/pip").toString(),
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                required.toString());
        assertEquals(0, pip.status, pip.output);
        Files.copy(required, installed);
    }

    private static String python(int port, String token, String script) throws Exception {
        Result result = run(
                Map.of("OPENAI_BASE_URL", "http://127.0.0.1:" + port, "OPENAI_API_KEY", token),
                VENV.resolve("bin/python").toString(),
                script);
        assertEquals(0, result.status, result.output);
        return result.output;
    }

    private record Result(int status, String output) {}

    private static Result run(Map<String, String> environment, String... command) throws Exception {
        // any file: a pipe would break if the program exits before reading it
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(RESOURCES.resolve("client.py").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
