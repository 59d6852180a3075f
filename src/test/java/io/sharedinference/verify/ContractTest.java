package io.sharedinference.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.program.ObjectNames;
import io.sharedinference.secrets.Token;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deployer keeps docs/proxy-contract.properties, as the proxy's test of the same name does. */
class ContractTest {

    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    private final Properties contract = new Properties();

    @BeforeEach
    void read() throws Exception {
        try (Reader file = Files.newBufferedReader(Path.of("docs", "proxy-contract.properties"))) {
            contract.load(file);
        }
    }

    @Test
    void theSecretHasTheNameAndKeysThatTheProxyReads() {
        assertEquals(contract.get("secret.name"), ObjectNames.SECRET);
        assertEquals(contract.get("secret.url"), ObjectNames.URL);
        assertEquals(contract.get("secret.token"), ObjectNames.TOKEN);
        assertEquals(contract.get("secret.ca"), ObjectNames.CA);
    }

    @Test
    void metricsAreReadFromTheOpsPort() {
        assertEquals(contract.get("port.ops"), String.valueOf(ProxyPod.OPS_PORT));
    }

    @Test
    void eachErrorOfTheHopsBehindTheProxyIsExplained() {
        assertEquals(contract.get("error.header"), ProxyErrors.HEADER);
        for (String code : contract.getProperty("error.explained").split(" ")) {
            assertNotEquals(Hop.PROXY, explained(code), code);
        }
        for (String code : contract.getProperty("error.others").split(" ")) {
            assertEquals(Hop.PROXY, explained(code), code);
        }
    }

    @Test
    void theFingerprintIsReadFromTheMetric(@TempDir Path directory) {
        String fingerprint = contract.getProperty("fingerprint.value");
        assertEquals(
                fingerprint, Token.of(contract.getProperty("fingerprint.token")).fingerprint());
        try (var server = new FakeCluster();
                var cluster = server.open(directory)) {
            server.answer(
                    "/api/v1/namespaces/blue/pods/a:8081/proxy/metrics",
                    "%s{%s=\"%s\",url=\"http://shared\"} 1\n"
                            .formatted(contract.get("metric.name"), contract.get("metric.label"), fingerprint));
            var pod = new ProxyPod("a", "proxy:1", true, 8081, Optional.empty());
            assertEquals(
                    Optional.of(fingerprint),
                    cluster.proxyPods("blue", Map.of()).fingerprint(pod));
        }
    }

    private static Hop explained(String code) {
        var api = new ApiEndpoint("stack", NOBODY, Token.of("t"));
        var http = new ApiClient(Duration.ofSeconds(1), Optional.empty());
        var errors = new ProxyErrors(api, new SharedApi(http, api, "stack"));
        try {
            return errors.explain(code, new ApiResponse(503, "text/plain", Optional.of(code), ""))
                    .hop();
        } catch (HopException e) {
            return e.hop();
        }
    }
}
