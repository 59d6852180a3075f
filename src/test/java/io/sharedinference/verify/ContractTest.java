package io.sharedinference.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sharedinference.program.ObjectNames;
import io.sharedinference.secrets.Token;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    void metricsAreReadFromTheOpsPort() throws Exception {
        assertEquals(contract.get("port.ops"), constant("kubernetes.Cluster", "OPS_PORT"));
        assertEquals(contract.get("port.ops"), constant("program.ProxyNetworkPolicy", "OPS_PORT"));
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
    void theFingerprintIsReadFromTheMetric() throws Exception {
        String fingerprint = contract.getProperty("fingerprint.value");
        assertEquals(
                fingerprint, Token.of(contract.getProperty("fingerprint.token")).fingerprint());
        String scrape = "%s{%s=\"%s\",url=\"http://shared\"} 1\n"
                .formatted(contract.get("metric.name"), contract.get("metric.label"), fingerprint);
        var read =
                Class.forName("io.sharedinference.kubernetes.Cluster").getDeclaredMethod("fingerprint", String.class);
        read.setAccessible(true);
        assertEquals(Optional.of(fingerprint), read.invoke(null, scrape));
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

    private static String constant(String type, String name) throws ReflectiveOperationException {
        var field = Class.forName("io.sharedinference." + type).getDeclaredField(name);
        field.setAccessible(true);
        return String.valueOf(field.get(null));
    }
}
