package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.cli.Tenant;
import io.sharedinference.image.RegistryRequest;
import io.sharedinference.verify.ApiRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxySelectorTest {

    @TempDir
    Path directory;

    private final RecordingServer proxy = new RecordingServer();

    @AfterEach
    void close() {
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTPS_PROXY | http://proxy:3128   | https://api.example.com  | HTTP proxy:3128
            https_proxy | proxy:3128          | https://api.example.com  | HTTP proxy:3128
            HTTPS_PROXY | http://proxy        | https://api.example.com  | HTTP proxy:80
            HTTPS_PROXY | socks5://proxy      | https://api.example.com  | SOCKS proxy:1080
            HTTP_PROXY  | http://proxy:3128   | http://api.example.com   | HTTP proxy:3128
            HTTP_PROXY  | http://proxy:3128   | https://api.example.com  | none
            HTTPS_PROXY | http://proxy:3128   | https://127.0.0.1:1234   | none
            HTTPS_PROXY | http://proxy:3128   | https://in.internal      | none
            HTTPS_PROXY | socks5://proxy:1080 | socket://api.example.com | none
            """)
    void selectsProxyOfEnvironment(String variable, String value, String url, String expected) {
        var selected = new EnvironmentProxySelector(Map.of(variable, value, "NO_PROXY", ".internal"))
                .select(URI.create(url))
                .get(0);
        assertEquals(expected, describe(selected));
    }

    private static String describe(Proxy proxy) {
        return proxy.address() instanceof InetSocketAddress address
                ? proxy.type() + " " + address.getHostString() + ":" + address.getPort()
                : "none";
    }

    @Test
    void inferenceRequestsUseProxy() throws Exception {
        run(ApiRequest.class, "https://api.example.invalid:8443");
        assertEquals("CONNECT api.example.invalid:8443", proxy.requests().get(0));
    }

    @Test
    void registryRequestsUseProxy() throws Exception {
        run(RegistryRequest.class, "registry.example.invalid/path/name");
        assertEquals("CONNECT registry.example.invalid:443", proxy.requests().get(0));
    }

    @Test
    void commandsUseProxy() throws Exception {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: shared-inference");
        run(Tenant.class, "comment", directory.toString(), "--pull-request", "1", "--cwd", directory.toString());
        assertEquals("CONNECT github.example.invalid:443", proxy.requests().get(0));
    }

    /** A process of its own, since proxies are a matter of the whole process. It ends, or is ended, once it has asked. */
    private void run(Class<?> program, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of(
                        "HTTPS_PROXY", proxy.url(),
                        "NO_PROXY", "",
                        "GITHUB_TOKEN", "any",
                        "GITHUB_REPOSITORY", "owner/name",
                        "GITHUB_API_URL", "https://github.example.invalid"));
        var process = builder.start();
        try {
            for (var i = 0; i < 600 && process.isAlive() && !proxy.wasAsked(); i++) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertTrue(proxy.wasAsked(), Files.readString(directory.resolve("output")));
    }
}
