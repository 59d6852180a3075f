package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.proxy.limits.LimitSettings;
import io.sharedinference.proxy.limits.Quota;
import io.sharedinference.proxy.limits.Quotas;
import io.sharedinference.proxy.relay.Limits;
import io.sharedinference.proxy.relay.StrippedCredentials;
import io.sharedinference.proxy.telemetry.TraceStart;
import io.sharedinference.proxy.upstream.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void onlyTheIamHasNoDefault() throws Settings.InvalidSettings {
        Settings settings = Settings.from(Map.of());
        assertEquals(URI.create("http://pharia-iam"), settings.iam().url());
        assertEquals("/etc/inference-api-proxy/secret", settings.secret().name());
        assertEquals(8080, settings.relay().port());
        assertEquals(8081, settings.opsPort());
        assertEquals(Transport.Choice.EPOLL, settings.transport());
        assertEquals(Duration.ofSeconds(10), settings.iam().allowTtl());
        assertEquals(Duration.ofSeconds(2), settings.iam().denyTtl());
        assertEquals(50_000, settings.iam().cacheSize());
        assertEquals(Duration.ofSeconds(5), settings.relay().connectTimeout());
        assertEquals(Duration.ofSeconds(30), settings.relay().connectionAge());
        assertEquals(Duration.ofSeconds(300), settings.relay().firstByteTimeout());
        assertEquals(Duration.ofSeconds(120), settings.relay().idleTimeout());
        assertEquals(Duration.ZERO, settings.relay().eventKeepAlive());
        assertEquals(
                new Limits(65_536, 8_192, 1L << 30, 20_000, 100, Duration.ofSeconds(30), OptionalLong.empty()),
                settings.relay().limits());
        assertEquals(LimitSettings.NONE, settings.relay().quotas());
        assertEquals(TraceStart.NEVER, settings.relay().requests().traceStart());
        assertTrue(settings.relay().requests().openPreflights());
        assertEquals(
                new StrippedCredentials(List.of(), List.of()),
                settings.relay().requests().stripped());
        assertTrue(settings.relay().accessLog());
        assertFalse(settings.relay().userMetrics());
        assertEquals(OptionalInt.empty(), settings.relay().streamUsageBody());
        assertEquals(Duration.ofSeconds(5), settings.drainDelay());
        assertEquals(Duration.ofSeconds(60), settings.drainTimeout());
    }

    @Test
    void allSettingsCanBeSet() throws Settings.InvalidSettings {
        Settings settings = Settings.from(Map.ofEntries(
                Map.entry("IAM_URL", "https://iam.example.com/base"),
                Map.entry("SECRET_DIRECTORY", "/s"),
                Map.entry("API_PORT", "1"),
                Map.entry("OPS_PORT", "2"),
                Map.entry("TRANSPORT", "io_uring"),
                Map.entry("REQUIRED_PERMISSIONS", "[{\"permission\":\"ExecuteJobs\"}]"),
                Map.entry("ALLOW_TTL", "1ms"),
                Map.entry("DENY_TTL", "2ms"),
                Map.entry("IAM_TIMEOUT", "3ms"),
                Map.entry("AUTH_CACHE_SIZE", "4"),
                Map.entry("CONNECT_TIMEOUT", "4s"),
                Map.entry("CONNECTION_MAX_AGE", "8s"),
                Map.entry("HEAD_TIMEOUT", "5s"),
                Map.entry("FIRST_BYTE_TIMEOUT", "6m"),
                Map.entry("IDLE_TIMEOUT", "7m"),
                Map.entry("EVENT_KEEP_ALIVE", "9s"),
                Map.entry("MAX_HEAD", "1024"),
                Map.entry("MAX_TOKEN", "100"),
                Map.entry("MEMORY_LIMIT", "1000"),
                Map.entry("MAX_BODY", "5000000000"),
                Map.entry("MAX_CONNECTIONS", "7"),
                Map.entry("MIN_BODY_RATE", "0"),
                Map.entry("BODY_RATE_PERIOD", "1m"),
                Map.entry("MAX_REQUESTS", "11"),
                Map.entry("MAX_USER_REQUESTS", "12"),
                Map.entry("REQUESTS_PER_MINUTE", "13"),
                Map.entry("USER_REQUESTS_PER_MINUTE", "14"),
                Map.entry("TOKENS_PER_MINUTE", "15"),
                Map.entry("USER_TOKENS_PER_MINUTE", "16"),
                Map.entry("QUEUE_TIMEOUT", "17s"),
                Map.entry("MODEL_LIMITS", "{\"m\":{\"requests\":18}}"),
                Map.entry("START_TRACES", "unsampled"),
                Map.entry("CORS_PREFLIGHTS", "authenticate"),
                Map.entry("STRIP_HEADERS", "Cookie, X-Api-Key,"),
                Map.entry("STRIP_QUERY_PARAMETERS", "api_key"),
                Map.entry("ACCESS_LOG", "false"),
                Map.entry("USER_METRICS", "true"),
                Map.entry("STREAM_USAGE", "true"),
                Map.entry("STREAM_USAGE_MAX_BODY", "4096"),
                Map.entry("DRAIN_DELAY", "0ms"),
                Map.entry("DRAIN_TIMEOUT", "9m")));
        assertEquals("/s", settings.secret().name());
        assertEquals(1, settings.relay().port());
        assertEquals(2, settings.opsPort());
        assertEquals(Transport.Choice.IO_URING, settings.transport());
        assertEquals(Duration.ofMillis(1), settings.iam().allowTtl());
        assertEquals(Duration.ofMillis(2), settings.iam().denyTtl());
        assertEquals(Duration.ofMillis(3), settings.iam().callTimeout());
        assertEquals(4, settings.iam().cacheSize());
        assertEquals(Duration.ofSeconds(4), settings.relay().connectTimeout());
        assertEquals(Duration.ofSeconds(8), settings.relay().connectionAge());
        assertEquals(Duration.ofSeconds(5), settings.relay().headerTimeout());
        assertEquals(Duration.ofMinutes(6), settings.relay().firstByteTimeout());
        assertEquals(Duration.ofMinutes(7), settings.relay().idleTimeout());
        assertEquals(Duration.ofSeconds(9), settings.relay().eventKeepAlive());
        assertEquals(
                new Limits(1_024, 100, 5_000_000_000L, 7, 0, Duration.ofMinutes(1), OptionalLong.of(1_000)),
                settings.relay().limits());
        assertEquals(
                new LimitSettings(
                        new Quotas(new Quota(11, 13, 15), new Quota(12, 14, 16)),
                        Map.of("m", new Quotas(new Quota(18, 0, 0), Quota.NONE)),
                        Duration.ofSeconds(17)),
                settings.relay().quotas());
        assertEquals(TraceStart.UNSAMPLED, settings.relay().requests().traceStart());
        assertFalse(settings.relay().requests().openPreflights());
        assertEquals(
                new StrippedCredentials(List.of("cookie", "x-api-key"), List.of("api_key")),
                settings.relay().requests().stripped());
        assertFalse(settings.relay().accessLog());
        assertTrue(settings.relay().userMetrics());
        assertEquals(OptionalInt.of(4_096), settings.relay().streamUsageBody());
        assertEquals(Duration.ZERO, settings.drainDelay());
        assertEquals(Duration.ofMinutes(9), settings.drainTimeout());
    }

    @Test
    void portIsAnAliasOfApiPort() throws Exception {
        assertEquals(9000, Settings.from(Map.of("PORT", "9000")).relay().port());
        assertEquals(
                8000,
                Settings.from(Map.of("PORT", "9000", "API_PORT", "8000"))
                        .relay()
                        .port());
        String message = assertThrows(
                        Settings.InvalidSettings.class, () -> Settings.from(Map.of("PORT", "tcp://10.0.0.1:80")))
                .getMessage();
        assertTrue(message.contains("PORT=tcp://10.0.0.1:80 must be a port"), message);
    }

    @Test
    void allInvalidSettingsAreReportedAtOnceWithNameAndValue() {
        String message = assertThrows(
                        Settings.InvalidSettings.class,
                        () -> Settings.from(Map.of(
                                "IAM_URL",
                                "",
                                "API_PORT",
                                "70000",
                                "OPS_PORT",
                                "x",
                                "ALLOW_TTL",
                                "10",
                                "REQUIRED_PERMISSIONS",
                                "{}",
                                "MAX_HEAD",
                                "65537",
                                "MAX_BODY",
                                "1G",
                                "MAX_CONNECTIONS",
                                "0",
                                "MIN_BODY_RATE",
                                "-1",
                                "MAX_TOKEN",
                                "0")))
                .getMessage();
        for (String part : new String[] {
            "IAM_URL= must be the URL of the tenant's IAM",
            "API_PORT=70000 must be a port",
            "OPS_PORT=x must be a port",
            "ALLOW_TTL=10 must be a duration",
            "REQUIRED_PERMISSIONS={} must be a JSON array",
            "MAX_HEAD=65537 must be a number of bytes",
            "MAX_BODY=1G must be a number of bytes",
            "MAX_CONNECTIONS=0 must be a whole number",
            "MAX_TOKEN=0 must be a number of bytes",
            "MIN_BODY_RATE=-1 must be a number of bytes per second"
        }) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void limitsAreWholeNumbersAndEmptyIsUnlimited() throws Exception {
        assertEquals(
                LimitSettings.NONE,
                Settings.from(Map.of("MAX_REQUESTS", "", "TOKENS_PER_MINUTE", "0", "MODEL_LIMITS", ""))
                        .relay()
                        .quotas());
        String message = assertThrows(
                        Settings.InvalidSettings.class,
                        () -> Settings.from(Map.of(
                                "MAX_REQUESTS",
                                "-1",
                                "TOKENS_PER_MINUTE",
                                "1k",
                                "MODEL_LIMITS",
                                "[]",
                                "QUEUE_TIMEOUT",
                                "5")))
                .getMessage();
        for (String part : List.of(
                "MAX_REQUESTS=-1 must be a whole number",
                "TOKENS_PER_MINUTE=1k must be a whole number",
                "MODEL_LIMITS=[] must be a JSON object of models",
                "QUEUE_TIMEOUT=5 must be a duration")) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void fieldsThatTheProxyUsesAreNotStripped() {
        for (String name : List.of(
                "Host",
                "authorization",
                "Content-Length",
                "Transfer-Encoding",
                "Expect",
                "Content-Type",
                "Connection")) {
            String message = assertThrows(
                            Settings.InvalidSettings.class,
                            () -> Settings.from(Map.of("IAM_URL", "http://iam", "STRIP_HEADERS", "cookie," + name)))
                    .getMessage();
            assertTrue(
                    message.contains("STRIP_HEADERS=cookie," + name + " must not contain " + name.toLowerCase()),
                    message);
        }
    }

    @Test
    void aCaFileWithoutCertificatesIsRejected(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), "no certificate");
        for (String bad :
                new String[] {file.toString(), directory.resolve("missing").toString()}) {
            String message = assertThrows(
                            Settings.InvalidSettings.class,
                            () -> Settings.from(Map.of("IAM_URL", "http://iam", "CA_FILE", bad)))
                    .getMessage();
            assertTrue(message.contains("CA_FILE=" + bad), message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSPORT, nio, must be epoll or io_uring",
        "CORS_PREFLIGHTS, true, must be forward or authenticate",
        "START_TRACES, always, 'must be sampled, unsampled or never'",
    })
    void aChoiceMustBeAnAllowedValue(String name, String value, String rule) {
        String message = assertThrows(
                        Settings.InvalidSettings.class,
                        () -> Settings.from(Map.of("IAM_URL", "http://iam", name, value)))
                .getMessage();
        assertTrue(message.contains(name + "=" + value + " " + rule), message);
    }

    @Test
    void theIamMustBeAnHttpUrl() {
        for (String url : new String[] {"pharia-iam", "ftp://pharia-iam", "http://", "http://a b"}) {
            assertThrows(Settings.InvalidSettings.class, () -> Settings.from(Map.of("IAM_URL", url)), url);
        }
    }
}
