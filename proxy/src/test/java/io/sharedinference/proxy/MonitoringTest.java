package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the rules of deploy/monitoring work with a Prometheus that scrapes proxies under load. */
@Tag("slow")
class MonitoringTest {
    private static final Path DEPLOY = Path.of("../deploy/monitoring");
    private static final long TIMEOUT = 180_000_000_000L;
    private static final Pattern NAME =
            Pattern.compile("\\b(?:(?:inference_proxy|http_server|gen_ai|tenant:)[\\w:]+|up)\\b");
    private static final String FAILING_IAM = "token-of-a-failing-iam";

    private static final Map<String, ProxyFixture> PROXIES = new LinkedHashMap<>();

    @TempDir
    private static Path directory;

    private static Prometheus prometheus;

    /** A tenant for each state, because some states exclude others. */
    @BeforeAll
    static void start() throws Exception {
        Prometheus.program();
        proxy("plain", "USER_METRICS", "true", "STREAM_USAGE", "true", "ALLOW_TTL", "1s");
        proxy("limited", "USER_REQUESTS_PER_MINUTE", "1");
        proxy("queue", "MAX_REQUESTS", "1", "QUEUE_TIMEOUT", "10s");
        proxy("iam-down").iam.on(FAILING_IAM, new FakeIam.CheckUserResponse(500, "{}"));
        proxy("no-secret").mount("v2", "not a URL", "");
        Map<String, Integer> ports = new LinkedHashMap<>();
        PROXIES.forEach((tenant, fixture) -> ports.put(tenant, fixture.proxy.opsPort()));
        prometheus = Prometheus.start(directory, DEPLOY.resolve("rules.yaml"), ports);
    }

    private static ProxyFixture proxy(String tenant, String... environment) throws Exception {
        ProxyFixture fixture = ProxyFixture.start(environment);
        PROXIES.put(tenant, fixture);
        fixture.origin
                .on("/broken", call -> call.socket().close())
                .on("/failing", "HTTP/1.1 500 No\nContent-Length: 0\n\n")
                .on("/slow", call -> {
                    Thread.sleep(100);
                    call.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                })
                .on("/chat/completions", call -> {
                    String usage = call.rawBody().contains("silent")
                            ? ""
                            : ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}";
                    call.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    call.sendChunk("data: {\"choices\":[]" + usage + "}\n\n");
                    call.sendChunk("data: [DONE]\n\n");
                    call.send("0\r\n\r\n");
                });
        return fixture;
    }

    @AfterAll
    static void stop() throws Exception {
        if (prometheus != null) {
            prometheus.close();
        }
        for (ProxyFixture fixture : PROXIES.values()) {
            fixture.close();
        }
    }

    @Test
    void everyQueryOfTheDashboardReturnsData() throws Exception {
        JsonNode dashboard =
                new JsonMapper().readTree(DEPLOY.resolve("dashboard.json").toFile());
        Set<String> missing = dashboard.findValues("expr").stream()
                .map(JsonNode::asText)
                .map(MonitoringTest::withoutVariables)
                .collect(Collectors.toCollection(HashSet::new));
        assertTrue(missing.size() > 20, missing.toString());
        awaitNone(missing, () -> {
            sendTraffic();
            for (String query : Set.copyOf(missing)) {
                if (hasData(prometheus.query(query))) {
                    missing.remove(query);
                }
            }
        });
    }

    @Test
    void theDashboardsVariableListsTheTenants() throws Exception {
        JsonNode dashboard =
                new JsonMapper().readTree(DEPLOY.resolve("dashboard.json").toFile());
        assertTrue(
                dashboard.findValuesAsText("definition").contains("label_values(http_server_active_requests, tenant)"));
        Set<String> missing = new HashSet<>(PROXIES.keySet());
        awaitNone(
                missing,
                () -> missing.removeAll(
                        strings(prometheus.api("label/tenant/values?match[]=http_server_active_requests"))));
    }

    @Test
    void everyRuleIsEvaluatedAndItsMetricsExist() throws Exception {
        List<String> expressions = expressions(prometheus.api("rules"));
        assertTrue(expressions.size() > 10, expressions.toString());
        Set<String> missing = expressions.stream()
                .flatMap(expression -> names(expression).stream())
                .collect(Collectors.toCollection(HashSet::new));
        awaitNone(missing, () -> {
            sendTraffic();
            missing.removeAll(strings(prometheus.api("label/__name__/values")));
        });
        for (JsonNode rule : rules(prometheus.api("rules"))) {
            assertEquals("", rule.path("lastError").asText(), rule.path("name").asText());
            assertTrue(prometheus.query(rule.path("query").asText()).isArray());
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    /** Repeats the attempt until nothing is missing. */
    private static void awaitNone(Set<String> missing, Attempt attempt) throws Exception {
        long end = System.nanoTime() + TIMEOUT;
        while (!missing.isEmpty()) {
            attempt.run();
            assertTrue(System.nanoTime() < end, () -> "no data for\n" + String.join("\n", missing));
            Thread.sleep(50);
        }
    }

    /** The query with values for Grafana's variables. */
    private static String withoutVariables(String query) {
        String replaced = query.replace("$tenant", String.join("|", PROXIES.keySet()))
                .replace("$__rate_interval", "1m")
                .replace("$__range", "1h");
        assertTrue(!replaced.contains("$"), query);
        return replaced;
    }

    private static boolean hasData(JsonNode result) {
        return StreamSupport.stream(result.spliterator(), false)
                .anyMatch(series -> !series.path("value").path(1).asText("NaN").equals("NaN"));
    }

    private static void sendTraffic() throws Exception {
        chat("plain", "large");
        chat("plain", "silent");
        for (String path : List.of("/broken", "/failing")) {
            PROXIES.get("plain").get(path);
        }
        ProxyFixture.eventually(() -> {
            PROXIES.get("plain").get("/x");
            return PROXIES.get("plain")
                    .metrics()
                    .contains("inference_proxy_auth_refreshes_total{decision=\"allowed\"}");
        });
        PROXIES.get("plain").exchange("GET /x HTTP/1.1\nHost: t\n\n");
        PROXIES.get("limited").get("/x");
        PROXIES.get("no-secret").get("/x");
        PROXIES.get("iam-down").exchange("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + FAILING_IAM + "\n\n");
        String slow =
                RawClient.crlf("GET /slow HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");
        try (RawClient first = PROXIES.get("queue").client();
                RawClient second = PROXIES.get("queue").client()) {
            first.send(slow);
            second.send(slow);
            first.response();
            second.response();
        }
    }

    private static void chat(String tenant, String model) throws IOException {
        String body = "{\"stream\":true,\"messages\":[],\"model\":\"" + model + "\"}";
        try (RawClient client = PROXIES.get(tenant).client()) {
            client.send(RawClient.crlf("POST /chat/completions HTTP/1.1\nHost: t\nAuthorization: Bearer "
                                    + ProxyFixture.TOKEN + "\nContent-Type: application/json\nContent-Length: "
                                    + body.length() + "\n\n")
                            + body)
                    .readUntil("\r\n0\r\n\r\n");
        }
    }

    /** Names of metrics without labels. */
    private static Set<String> names(String expression) {
        String metrics = expression.replaceAll("\\{[^}]*}", "").replaceAll("\\b(?:by|on) \\([^)]*\\)", "");
        return NAME.matcher(metrics).results().map(match -> match.group()).collect(Collectors.toSet());
    }

    private static List<String> expressions(JsonNode rules) {
        return rules(rules).stream().map(rule -> rule.path("query").asText()).toList();
    }

    private static List<JsonNode> rules(JsonNode response) {
        List<JsonNode> all = new ArrayList<>();
        response.path("groups").forEach(group -> group.path("rules").forEach(all::add));
        return all;
    }

    private static Set<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }
}
