package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.kubernetes.HelmRecords;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.FakePulumi;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.HopResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class InventoryTest {

    private static final String PODS =
            "/api/v1/namespaces/blue/pods?labelSelector=app.kubernetes.io%2Fname%3Dinference-api-proxy";
    private static final Token TOKEN = Token.of("service-token-0815");
    private static final String SECRET = "/api/v1/namespaces/blue/secrets/inference-api-proxy-secret";
    private static final String OUTPUTS = "stack output --json --show-secrets --stack shared";

    @TempDir
    Path directory;

    private final Map<String, String> answers = new HashMap<>();
    private FakeCluster cluster;
    private HttpServer api;
    private volatile String proxyError = "unauthenticated";
    private volatile int serviceTokenStatus = 200;

    @BeforeEach
    void start() throws Exception {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            var serviceUser = ("Bearer " + TOKEN.reveal())
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"));
            var version = exchange.getRequestURI().getPath().equals("/version");
            var status = version ? 200 : serviceUser ? serviceTokenStatus : 401;
            if (status == 401 && !serviceUser) {
                exchange.getResponseHeaders().set("X-Inference-Proxy-Error", proxyError);
            }
            var body = (version ? "1.2.3" : "[]").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        api.start();
        cluster = new FakeCluster()
                .answer(
                        "/api/v1/namespaces/blue/secrets?labelSelector=owner%3Dhelm%2Cname%3Dpharia-ai",
                        """
                        {"apiVersion": "v1", "kind": "SecretList", "metadata": {}, "items": [%s]}""".formatted(HelmRecords.revision(1, "deployed")))
                .answer(PODS, """
                        {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [
                         {"metadata": {"name": "a", "namespace": "blue"},
                          "spec": {"containers": [{"name": "inference-api-proxy", "image": "proxy:1", "ports": []}]},
                          "status": {"conditions": [{"type": "Ready", "status": "True"}]}}]}""")
                .answer("/api/v1/namespaces/blue/pods/a:8081/proxy/metrics", metrics(TOKEN))
                .answer(SECRET, secret(TOKEN));
        answers.put(OUTPUTS, """
                {"inferenceApiUrl": "%s", "namespace": "gpu", "token-blue": "%s"}""".formatted(url(), TOKEN.reveal()));
        write("blue", url());
    }

    @AfterEach
    void stop() {
        cluster.close();
        api.stop(0);
    }

    @Test
    void reportsAHealthyTenantAsOk() {
        assertEquals("ok", health());
    }

    @Test
    void reportsAnUnreachableIam() {
        proxyError = "iam_unreachable";
        assertEquals("the proxy cannot reach the tenant's IAM", health());
    }

    @Test
    void reportsARejectedServiceToken() {
        serviceTokenStatus = 401;
        assertTrue(health().startsWith("the shared API rejects the tenant's service token"), health());
    }

    @Test
    void reportsAMissingSecretWhileProxiesRun() {
        cluster.answer(SECRET, secret(Token.of("x")).replace("remote-inference-api-token", "nothing"));
        assertTrue(health().contains("inference-api-proxy-secret does not exist"), health());
    }

    @Test
    void reportsAPodWithAnotherToken() {
        cluster.answer("/api/v1/namespaces/blue/pods/a:8081/proxy/metrics", metrics(Token.of("old")));
        assertTrue(health().contains("1 of 1 proxies use another token"), health());
    }

    @Test
    void reportsAPodWithoutTokenMetricAsUnknown() {
        cluster.answer("/api/v1/namespaces/blue/pods/a:8081/proxy/metrics", "nothing");
        assertTrue(health().startsWith("unknown: 1 of 1 proxies do not report"), health());
    }

    @Test
    void reportsWhyAPodIsNotReadyWithItsLastLogLine() {
        var pod = """
                {"metadata": {"name": "a", "namespace": "blue"},
                 "spec": {"containers": [{"name": "inference-api-proxy", "image": "registry/proxy:1"}]},
                 "status": {"conditions": [{"type": "Ready", "status": "False"}], "containerStatuses": [
                   {"name": "inference-api-proxy", "ready": false, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}}""";
        var pods = "{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"metadata\": {}, \"items\": [" + pod + "]}";
        cluster.answer(PODS, pods);
        cluster.answer("/api/v1/namespaces/blue/pods", pods);
        cluster.answer("/api/v1/namespaces/blue/events?fieldSelector=type%3DWarning", """
                {"apiVersion": "v1", "kind": "EventList", "metadata": {}, "items": []}""");
        cluster.answer(
                "/api/v1/namespaces/blue/pods/a",
                pod.replace("{\"metadata\"", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\""));
        cluster.answer(
                "/api/v1/namespaces/blue/pods/a/log?pretty=false&container=inference-api-proxy&tailLines=1",
                "IAM_URL=x must be a URL");
        var reason = "CrashLoopBackOff; its last log line: IAM_URL=x must be a URL";
        assertTrue(health().contains(reason), health());
        var fix = failure(Hop.PODS).fix();
        assertTrue(fix.contains("pulumi up --refresh -s blue"), fix); // also where somebody's helm upgrade failed
        var config = (TenantConfig) StackFiles.in(directory).validConfig("blue").orElseThrow();
        try (var connected = Cluster.open(config.installation().cluster(), directory)) {
            var proxies = connected
                    .proxyPods("blue", config.networkPolicy().proxyPodLabels())
                    .list();
            assertTrue(new Proxies(connected, config).reasons(proxies).contains(reason));
        }
    }

    @Test
    void reportsPodsOfTheChartsProxyThatAreOlderThanTheSecret() throws Exception {
        var file = directory.resolve("Pulumi.blue.yaml");
        Files.writeString(file, Files.readString(file).replaceFirst("proxyImage: .*", "proxyImage: chart"));
        var started =
                ", \"containerStatuses\": [{\"name\": \"p\", \"state\": {\"running\": {\"startedAt\": \"2026-01-02T00:00:00Z\"}}}]";
        cluster.answer(PODS, """
                {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [
                  {"metadata": {"name": "a", "namespace": "blue"},
                   "spec": {"containers": [{"name": "p", "image": "registry/vendor:1"}]},
                   "status": {"conditions": [{"type": "Ready", "status": "True"}]%s}}]}""".formatted(started));
        for (var written : Map.of(
                        "2026-01-01T00:00:00Z",
                        "ok",
                        "2026-01-03T00:00:00Z",
                        "unknown: 1 of 1 proxies were started before")
                .entrySet()) {
            cluster.answer(
                    SECRET,
                    secret(TOKEN)
                            .replace(
                                    "\"name\": \"inference-api-proxy-secret\"",
                                    "\"name\": \"inference-api-proxy-secret\", \"managedFields\": [{\"time\": \""
                                            + written.getKey() + "\"}]"));
            assertTrue(health().startsWith(written.getValue()), health());
        }
    }

    @Test
    void reportsAWrongPassphraseAsUnknown() {
        answers.put(OUTPUTS, "{\"inferenceApiUrl\": \"" + url() + "\", \"token-blue\": null}");
        answers.put("stack output --json --stack shared", "{\"token-blue\": \"[secret]\"}");
        assertEquals("unknown: cannot decrypt output token-blue of stack shared: wrong passphrase or key.", health());
    }

    @Test
    void reportsAnUnreadableStackAsUnknown() {
        answers.clear();
        assertTrue(
                health().startsWith("unknown: pulumi stack of stack shared failed: error: incorrect pass"), health());
    }

    @Test
    void reportsAnUnreachableClusterAsUnknown() {
        cluster.close();
        assertTrue(health().startsWith("unknown: request to the cluster of context fake failed: "), health());
    }

    @Test
    void listsAStackWithAnInvalidFile() throws Exception {
        Files.writeString(directory.resolve("Pulumi.green.yaml"), "config: [");
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), """
                config:
                  shared-inference:role: shared
                  shared-inference:context: gpu
                  shared-inference:chart: oci://registry.example.com/pharia-ai
                  shared-inference:domain: shared.example.com
                """);
        try (var inventory = inventory()) {
            assertEquals(List.of("blue", "green"), inventory.tenantStacks());
            var green = inventory.status("green", Optional.empty());
            assertTrue(green.health().startsWith("unknown: Pulumi.green.yaml: cannot be read"), green.toString());
        }
    }

    private HopResult.Failed failure(Hop hop) {
        try (var inventory = inventory()) {
            return inventory.installationStatus("blue", Optional.empty()).orElseThrow().results().stream()
                    .filter(result -> result.hop() == hop)
                    .map(HopResult.Failed.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String health() {
        try (var inventory = inventory()) {
            return inventory.status("blue", Optional.empty()).health();
        }
    }

    private Inventory inventory() {
        return new Inventory(
                StackFiles.in(directory),
                directory,
                new Engine(FakePulumi.answering(answers), directory),
                Optional.empty());
    }

    private String url() {
        return "http://127.0.0.1:" + api.getAddress().getPort();
    }

    private void write(String tenant, String url) throws Exception {
        Files.writeString(directory.resolve("Pulumi." + tenant + ".yaml"), """
                config:
                  shared-inference:role: tenant
                  shared-inference:tenant: %s
                  shared-inference:sharedStack: shared
                  shared-inference:context: %s
                  shared-inference:kubeconfig: %s
                  shared-inference:chart: oci://registry.example.com/pharia-ai
                  shared-inference:domain: blue.example.com
                  shared-inference:inferenceApiUrl: %s
                  shared-inference:proxyImage: registry.example.com/proxy@sha256:%s
                """.formatted(
                        tenant, FakeCluster.CONTEXT, cluster.kubeconfig(directory), url, "0".repeat(64)));
    }

    private static String metrics(Token token) {
        return "inference_proxy_secret_info{fingerprint=\"" + token.fingerprint() + "\"} 1\n";
    }

    private static String secret(Token token) {
        return """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "inference-api-proxy-secret"},
                 "data": {"remote-inference-api-token": "%s"}}""".formatted(token.base64());
    }
}
