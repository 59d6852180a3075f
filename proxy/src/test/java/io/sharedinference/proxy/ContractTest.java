package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.proxy.relay.ErrorCodes;
import io.sharedinference.proxy.upstream.SecretKeys;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy keeps docs/proxy-contract.properties, as the deployer's test of the same name does. */
class ContractTest {
    private final Properties contract = new Properties();

    @BeforeEach
    void read() throws Exception {
        try (Reader file = Files.newBufferedReader(Path.of("..", "docs", "proxy-contract.properties"))) {
            contract.load(file);
        }
    }

    @Test
    void theSecretHasTheKeysThatTheDeployerWrites() {
        assertEquals(
                Stream.of("secret.url", "secret.token", "secret.ca")
                        .map(contract::get)
                        .toList(),
                SecretKeys.all());
    }

    @Test
    void portsAreTheDefaults() throws Exception {
        Settings settings = Settings.from(Map.of("IAM_URL", "http://iam"));
        assertEquals(contract.get("port.api"), String.valueOf(settings.relay().port()));
        assertEquals(contract.get("port.ops"), String.valueOf(settings.opsPort()));
    }

    @Test
    void errorCodesAreAllThatTheProxyHas() {
        assertEquals(contract.get("error.header"), ErrorCodes.header());
        Set<String> codes = new TreeSet<>();
        for (String key : List.of("error.explained", "error.others")) {
            codes.addAll(Arrays.asList(contract.getProperty(key).split(" ")));
        }
        assertEquals(codes, new TreeSet<>(ErrorCodes.all()));
    }

    @Test
    void theMetricHasTheFingerprint() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            fixture.mount("v2", fixture.origin.url(), contract.getProperty("fingerprint.token"));
            String series = "%s{%s=\"%s\","
                    .formatted(
                            contract.get("metric.name"),
                            contract.get("metric.label"),
                            contract.get("fingerprint.value"));
            ProxyFixture.eventually(() -> fixture.metrics().contains(series));
        }
    }
}
