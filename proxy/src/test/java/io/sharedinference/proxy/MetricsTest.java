package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What an operator reads at /metrics. */
class MetricsTest {
    @Test
    void decisionsAreCountedByWhereTheyCameFrom() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            for (int i = 0; i < 5; i++) {
                fixture.get("/x");
            }
            fixture.exchange("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer unknown\n\n");
            String metrics = fixture.metrics();
            assertCount(metrics, "inference_proxy_auth_lookups_total{result=\"miss\"} 2.0");
            assertCount(metrics, "inference_proxy_auth_lookups_total{result=\"hit\"} 4.0");
            assertCount(metrics, "inference_proxy_auth_lookups_total{result=\"joined\"} 0.0");
            assertCount(metrics, "inference_proxy_auth_cache_entries 2.0");
            assertCount(metrics, "inference_proxy_iam_duration_seconds_count{decision=\"allowed\"} 1");
            assertCount(metrics, "inference_proxy_iam_duration_seconds_count{decision=\"unauthenticated\"} 1");
        }
    }

    @Test
    void theLoadedSecretIsToldByTheFingerprintThatTheDeployerShows() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            String line = "inference_proxy_secret_info{fingerprint=\"%s\",url=\"" + fixture.origin.url() + "\"} 1";
            assertCount(fixture.metrics(), line.formatted("a67b034c33cea655"));
            fixture.mount("v2", fixture.origin.url(), "rotated");
            ProxyFixture.eventually(() -> fixture.metrics().contains(line.formatted("f42546d5ecdd4525")));
            assertFalse(fixture.metrics().contains("a67b034c33cea655"), "only one is in use");
            fixture.mount("v3", fixture.origin.url(), "");
            ProxyFixture.eventually(() -> !fixture.metrics().contains("inference_proxy_secret_info{"));
        }
    }

    @Test
    void whoAsksForOpenMetricsGetsIt() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            RawClient.Reply reply = RawClient.exchange(fixture.proxy.opsPort(), "GET /metrics HTTP/1.1\nHost: ops\n"
                    + "Accept: application/openmetrics-text; version=1.0.0\n\n");
            assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8",
                    reply.header("Content-Type").orElse(""));
            assertTrue(reply.body().endsWith("# EOF\n"), reply.body());
        }
    }

    private static void assertCount(String metrics, String line) {
        assertTrue(metrics.lines().anyMatch(line::equals), line + " isn't in\n" + metrics);
    }
}
