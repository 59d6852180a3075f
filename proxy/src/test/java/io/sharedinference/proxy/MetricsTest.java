package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics at /metrics. */
class MetricsTest {
    @Test
    void cacheLookupsAreCountedByResult() throws Exception {
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
    void theLoadedSecretsFingerprintIsReported() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            String line = "inference_proxy_secret_info{fingerprint=\"%s\",reload=\"true\",url=\"" + fixture.origin.url()
                    + "\"} 1";
            assertCount(fixture.metrics(), line.formatted("a67b034c33cea655"));
            fixture.mount("v2", fixture.origin.url(), "rotated");
            ProxyFixture.eventually(() -> fixture.metrics().contains(line.formatted("f42546d5ecdd4525")));
            assertFalse(fixture.metrics().contains("a67b034c33cea655"), "the old fingerprint is still reported");
            fixture.mount("v3", fixture.origin.url(), "");
            ProxyFixture.eventually(() -> !fixture.metrics().contains("inference_proxy_secret_info{"));
        }
    }

    @Test
    void theProcessStartTimeIsReported() throws Exception {
        double before = Instant.now().getEpochSecond();
        try (ProxyFixture fixture = ProxyFixture.start()) {
            double start = fixture.metrics()
                    .lines()
                    .filter(line -> line.startsWith("process_start_time_seconds "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                    .findFirst()
                    .orElseThrow();
            assertTrue(start >= before && start <= Instant.now().getEpochSecond() + 1, "" + start);
        }
    }

    @Test
    void openMetricsIsServedOnRequest() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            RawClient.Response response = RawClient.exchange(
                    fixture.proxy.opsPort(),
                    "GET /metrics HTTP/1.1\nHost: ops\n" + "Accept: application/openmetrics-text; version=1.0.0\n\n");
            assertEquals(
                    "application/openmetrics-text; version=1.0.0; charset=utf-8",
                    response.header("Content-Type").orElse(""));
            assertTrue(response.body().endsWith("# EOF\n"), response.body());
        }
    }

    @Test
    void requestsAreCountedByMethodRouteAndStatusOfKnownSetsOnly() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            fixture.get("/v1/model-settings?x=1");
            fixture.get("/made-up-1");
            fixture.get("/made-up-2");
            fixture.get("/models/a%20b/tokenizer");
            fixture.exchange("BREW /version HTTP/1.1\nHost: t\n\n");
            String count = "http_server_request_duration_seconds_count{http_request_method=\"%s\","
                    + "http_response_status_code=\"%s\",http_route=\"%s\"} %s";
            String metrics = fixture.metrics();
            assertCount(metrics, count.formatted("GET", "200", "/model-settings", "1"));
            assertCount(metrics, count.formatted("GET", "200", "other", "2"));
            assertCount(metrics, count.formatted("GET", "200", "/models/{model}/tokenizer", "1"));
            assertCount(metrics, count.formatted("_OTHER", "401", "/version", "1"));
            assertCount(metrics, "inference_proxy_errors_total{code=\"unauthenticated\"} 1.0");
            assertCount(metrics, "http_server_active_requests 0.0");
            assertFalse(metrics.contains("made-up"));
        }
    }

    @Test
    void modelLabelsAreBoundedAndUserMetricsAreOptional() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start("USER_METRICS", "true");
                ProxyFixture discreet = ProxyFixture.start()) {
            for (ProxyFixture each : new ProxyFixture[] {fixture, discreet}) {
                each.origin.on("/chat/completions", call -> {
                    call.rawBody();
                    call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 56\r\n\r\n"
                            + "{\"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 40}}");
                });
                for (int i = 0; i < 102; i++) {
                    complete(each, "model-" + i);
                }
            }
            String labels = "{gen_ai_operation_name=\"chat\",gen_ai_request_model=\"%s\",gen_ai_token_type=\"%s\"} %s";
            for (String metrics : new String[] {fixture.metrics(), discreet.metrics()}) {
                assertCount(metrics, "gen_ai_client_token_usage_sum" + labels.formatted("model-0", "input", "3.0"));
                assertCount(metrics, "gen_ai_client_token_usage_sum" + labels.formatted("model-0", "output", "40.0"));
                assertCount(metrics, "gen_ai_client_token_usage_count" + labels.formatted("other", "output", "2"));
                assertFalse(metrics.contains("model-100"));
            }
            assertCount(
                    fixture.metrics(),
                    "inference_proxy_user_tokens_total{gen_ai_request_model=\"model-0\","
                            + "gen_ai_token_type=\"output\",user=\"alice\"} 40.0");
            assertFalse(discreet.metrics().contains("alice"));
        }
    }

    @Test
    void inventedModelsAddNoLabels() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start();
                RawClient client = fixture.client()) {
            fixture.origin.on(
                    "/chat/completions",
                    call -> call.send(
                            switch (call.rawBody()) {
                                case String body
                                when body.contains("real") ->
                                    "HTTP/1.1 200 OK\r\nContent-Type: application/json"
                                            + "\r\nContent-Length: 30\r\n\r\n{\"usage\": {\"input_tokens\": 3}}";
                                case String body
                                when body.contains("free") -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                                default -> "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
                            }));
            for (int i = 0; i < 100; i++) {
                assertEquals(
                        401,
                        client.send(chat("stranger-" + i).replace(ProxyFixture.TOKEN, "none"))
                                .response()
                                .status());
                assertEquals(404, client.send(chat("typo-" + i)).response().status());
                assertEquals(200, client.send(chat("free-" + i)).response().status());
                assertEquals(
                        200,
                        client.send(chat("free-real-" + i).replace("POST", "OPTIONS"))
                                .response()
                                .status());
            }
            complete(fixture, "real");
            String count = "gen_ai_server_request_duration_seconds_count{error_type=\"%s\","
                    + "gen_ai_operation_name=\"chat\",gen_ai_request_model=\"%s\"} %s";
            assertCount(fixture.metrics(), count.formatted("", "real", "1"));
            assertCount(fixture.metrics(), count.formatted("401", "other", "100"));
            assertCount(fixture.metrics(), count.formatted("", "other", "200"));
            assertCount(fixture.metrics(), count.formatted("404", "other", "100"));
        }
    }

    @Test
    void streamsAreCountedWhileTheyRunWithTheTimeToTheirFirstByte() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        try (ProxyFixture fixture = ProxyFixture.start();
                RawClient client = fixture.client()) {
            fixture.origin.on("/chat/completions", call -> {
                call.rawBody();
                call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                call.sendChunk("data: {\"choices\":[]}\n\n");
                finish.await();
                call.sendChunk("data: {\"usage\":{\"prompt_tokens\":7,\"comple");
                call.sendChunk("tion_tokens\":9}}\n\ndata: [DONE]\n\n");
                call.send("0\r\n\r\n");
            });
            client.send(chat("m")).readUntil("choices");
            assertCount(fixture.metrics(), "inference_proxy_active_streams 1.0");
            assertCount(fixture.metrics(), "http_server_active_requests 1.0");
            finish.countDown();
            client.readUntil("\r\n0\r\n\r\n");
            String labels = "{gen_ai_operation_name=\"chat\",gen_ai_request_model=\"m\"";
            ProxyFixture.eventually(() -> fixture.metrics().contains("inference_proxy_active_streams 0.0"));
            assertCount(fixture.metrics(), "gen_ai_server_time_to_first_token_seconds_count" + labels + "} 1");
            assertCount(
                    fixture.metrics(), "gen_ai_client_token_usage_sum" + labels + ",gen_ai_token_type=\"output\"} 9.0");
            JsonNode line = fixture.loggedRequest();
            assertEquals("m", line.path("model").asText());
            assertEquals(7, line.path("prompt_tokens").asInt());
            assertEquals(9, line.path("completion_tokens").asInt());
            assertEquals(16, line.path("total_tokens").asInt());
        }
    }

    private static void complete(ProxyFixture fixture, String model) throws IOException {
        try (RawClient client = fixture.client()) {
            assertEquals(200, client.send(chat(model)).response().status());
        }
    }

    private static String chat(String model) {
        String body = "{\"messages\":[],\"model\":\"" + model + "\"}";
        return RawClient.crlf("POST /chat/completions HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN
                        + "\nContent-Type: application/json; charset=utf-8\nContent-Length: " + body.length() + "\n\n")
                + body;
    }

    private static void assertCount(String metrics, String line) {
        String similar = metrics.lines()
                .filter(other -> other.startsWith(line.split("[{ ]")[0]))
                .filter(other -> !other.contains("_bucket"))
                .collect(Collectors.joining("\n"));
        assertTrue(metrics.lines().anyMatch(line::equals), line + " is not among\n" + similar);
    }
}
