package io.sharedinference.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sharedinference.proxy.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A proxy between a fake origin and a fake IAM, all on real sockets; one user, token {@link #TOKEN}. */
final class ProxyFixture implements AutoCloseable {
    static final String TOKEN = "client-token-c0ffee";
    static final String SERVICE_TOKEN = "service-token-5eaf00d";

    final FakeOrigin origin = new FakeOrigin();
    final FakeIam iam = new FakeIam().user(TOKEN, "alice");
    final Path secret;
    final Proxy proxy;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Log log = new Log(output);

    private ProxyFixture(Map<String, String> overrides) throws IOException, Settings.InvalidSettings {
        secret = Files.createTempDirectory("secret");
        mount("v1", origin.url(), SERVICE_TOKEN);
        Map<String, String> environment = ProxyProcess.environment(iam.url(), secret, "DRAIN_DELAY", "0ms");
        environment.putAll(ProxyProcess.TRANSPORT);
        environment.putAll(overrides);
        proxy = Proxy.start(Settings.from(environment), log);
    }

    static ProxyFixture start(String... overrides) throws Exception {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < overrides.length; i += 2) {
            map.put(overrides[i], overrides[i + 1]);
        }
        return new ProxyFixture(map);
    }

    int port() {
        return proxy.apiPort();
    }

    RawClient client() throws IOException {
        return new RawClient(port());
    }

    /** One exchange on a new connection; TOKEN is replaced by the user's token. */
    RawClient.Response exchange(String request) throws IOException {
        return RawClient.exchange(port(), request.replace("TOKEN", TOKEN));
    }

    RawClient.Response get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\nHost: tenant\nAuthorization: Bearer TOKEN\n\n");
    }

    /** Mounts a version of the Secret with its two required keys. */
    void mount(String version, String url, String token) throws IOException {
        mount(version, Map.of("remote-inference-api-url", url, "remote-inference-api-token", token));
    }

    /** As the kubelet does: a new directory, then an atomic rename of a symbolic link, then links for new keys. */
    void mount(String version, Map<String, String> keys) throws IOException {
        Path data = Files.createDirectories(secret.resolve(".." + version));
        for (Map.Entry<String, String> key : keys.entrySet()) {
            Files.writeString(data.resolve(key.getKey()), key.getValue());
        }
        Path link = Files.createSymbolicLink(secret.resolve("..data_tmp"), data.getFileName());
        Files.move(link, secret.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String name : keys.keySet()) {
            if (!Files.exists(secret.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(secret.resolve(name), Path.of("..data", name));
            }
        }
    }

    /** The response of /metrics, in the Prometheus text format. */
    String metrics() throws IOException {
        return RawClient.exchange(proxy.opsPort(), "GET /metrics HTTP/1.1\nHost: ops\n\n")
                .body();
    }

    /** The log line of the first request. */
    JsonNode loggedRequest() throws Exception {
        eventually(() -> logged().contains("\"event\":\"request\""));
        return new JsonMapper()
                .readTree(logged().lines()
                        .filter(text -> text.contains("\"event\":\"request\""))
                        .findFirst()
                        .orElseThrow());
    }

    /** Everything logged so far. */
    String logged() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** Waits for a condition that another thread fulfills. */
    static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the condition is not met after 30 s");
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        log.close();
        origin.close();
        iam.close();
        delete(secret);
    }

    /** Deletes a directory and its content; links are not followed. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
