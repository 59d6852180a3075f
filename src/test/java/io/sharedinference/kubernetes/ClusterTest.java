package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTest {

    private static final String SECRETS = "/api/v1/namespaces/blue/secrets";
    private static final String RELEASES = SECRETS + "?labelSelector=owner%3Dhelm%2Cname%3Dpharia-ai";

    @TempDir
    Path directory;

    private FakeCluster server;
    private Cluster cluster;

    @BeforeEach
    void open() {
        server = new FakeCluster();
        cluster = server.open(directory);
    }

    @AfterEach
    void close() {
        cluster.close();
        server.close();
    }

    @Test
    void readsPlatformsOfNodes() {
        server.answer("/api/v1/nodes", """
                {"apiVersion": "v1", "kind": "NodeList", "metadata": {}, "items": [
                  {"metadata": {"name": "a", "labels": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}}},
                  {"metadata": {"name": "b", "labels": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}}},
                  {"metadata": {"name": "c", "labels": {"kubernetes.io/os": "windows", "kubernetes.io/arch": "amd64"}}},
                  {"metadata": {"name": "d"}}]}""");
        assertEquals(Set.of("linux/arm64", "windows/amd64"), cluster.nodePlatforms());
    }

    @Test
    void readsLatestRevisionNumerically() {
        server.answer(RELEASES, """
                {"apiVersion": "v1", "kind": "SecretList", "metadata": {}, "items": [%s, %s, %s]}""".formatted(
                        HelmRecords.revision(9, "superseded"),
                        HelmRecords.revision(10, "deployed"),
                        HelmRecords.revision(8, "failed")));
        assertEquals(
                Optional.of(new HelmRelease(
                        "blue", "pharia-ai", 10, "deployed", "pharia", "1.2.3", "7", "Helm", Instant.EPOCH)),
                cluster.release("blue", "pharia-ai"));
    }

    @Test
    void returnsEmptyWithoutRelease() {
        server.answer(RELEASES, """
                {"apiVersion": "v1", "kind": "SecretList", "metadata": {}, "items": []}""");
        assertEquals(Optional.empty(), cluster.release("blue", "pharia-ai"));
    }

    @ParameterizedTest
    @CsvSource({
        "deployed, false",
        "failed, false",
        "pending-install, true",
        "pending-upgrade, true",
        "pending-rollback, true"
    })
    void recognizesPendingRelease(String status, boolean pending) {
        assertEquals(pending, new HelmRelease("n", "r", 1, status, "c", "1", "", "", Instant.EPOCH).pending());
    }

    @Test
    void readsCreationTimeAndTokenOfSecret() {
        server.answer(SECRETS + "/users", """
                {"apiVersion": "v1", "kind": "Secret", "data": {"token": "czNjcmV0", "blank": "IA=="},
                 "metadata": {"name": "users", "creationTimestamp": "2026-01-02T03:04:05Z"}}""");
        assertEquals(Optional.of(Instant.parse("2026-01-02T03:04:05Z")), cluster.secretCreated("blue", "users"));
        assertEquals(
                "s3cret", cluster.token("blue", "users", "token").orElseThrow().reveal());
        assertEquals(Optional.empty(), cluster.token("blue", "users", "other"));
        assertEquals(Optional.empty(), cluster.token("blue", "users", "blank"));
        assertEquals(Optional.empty(), cluster.token("blue", "nobody", "token"));
    }

    @Test
    void ignoresTerminatingPods() {
        server.answer(
                "/api/v1/namespaces/blue/pods?labelSelector=app%3Dproxy",
                """
                {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [%s, %s]}""".formatted(pod("a", ""), pod("b", ", \"deletionTimestamp\": \"2026-01-02T03:04:05Z\"")));
        assertEquals(
                List.of(new ProxyPod("a", "registry/proxy:1", true, 9000, Optional.empty())),
                proxies().list());
    }

    @ParameterizedTest
    @CsvSource({
        "inference-api-proxy, http, registry/sidecar:1, 8081",
        "proxy,               ops,  registry/sidecar:1, 9000",
        "proxy,               ops,  '',                 9000",
    })
    void findsProxyContainerBehindSidecar(String name, String port, String sidecar, int opsPort) {
        var first = sidecar.isEmpty() ? "" : "{\"name\": \"mesh\", \"image\": \"" + sidecar + "\", \"ports\": []},";
        server.answer("/api/v1/namespaces/blue/pods?labelSelector=app%3Dproxy", """
                {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [
                  {"metadata": {"name": "a", "namespace": "blue"},
                   "spec": {"containers": [%s {"name": "%s", "image": "registry/proxy:1",
                     "ports": [{"name": "%s", "containerPort": 9000}]}]},
                   "status": {"conditions": [{"type": "Ready", "status": "True"}]}}]}""".formatted(first, name, port));
        assertEquals(
                List.of(new ProxyPod("a", "registry/proxy:1", true, opsPort, Optional.empty())),
                proxies().list());
    }

    @Test
    void readsTokenFingerprintOfPod() {
        ProxyPod pod = new ProxyPod("a", "i", true, 8081, Optional.empty());
        assertEquals(Optional.empty(), proxies().fingerprint(pod));
        server.answer("/api/v1/namespaces/blue/pods/a:8081/proxy/metrics", """
                # TYPE inference_proxy_secret_info gauge
                inference_proxy_secret_info{fingerprint="0123456789abcdef"} 1
                """);
        assertEquals(Optional.of("0123456789abcdef"), proxies().fingerprint(pod));
    }

    @Test
    void aPodThatReadsItsTokenOnlyAtStartupNeedsARestart() {
        var pod = new ProxyPod("a", "i", true, 8081, Optional.empty());
        assertFalse(proxies().needsRestart(pod));
        var path = "/api/v1/namespaces/blue/pods/a:8081/proxy/metrics";
        server.answer(path, "inference_proxy_secret_info{fingerprint=\"01\",reload=\"true\",url=\"http://h\"} 1\n");
        assertFalse(proxies().needsRestart(pod));
        server.answer(path, "inference_proxy_secret_info{fingerprint=\"01\",reload=\"false\",url=\"http://h\"} 1\n");
        assertTrue(proxies().needsRestart(pod));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | 2 | 2 | 2 | 2 | 2 | -
            2 | 3 | 2 | 2 | 2 | 2 | Deployment proxy: 2 of 2 pods updated, 2 available
            2 | 2 | 1 | 2 | 2 | 2 | Deployment proxy: 1 of 2 pods updated, 2 available
            2 | 2 | 2 | 1 | 2 | 2 | Deployment proxy: 2 of 2 pods updated, 1 available
            2 | 2 | 2 | 2 | 3 | 2 | Deployment proxy: 2 of 2 pods updated, 2 available
            """)
    void aRestartIsOverWhenEveryPodIsANewOneAndServes(
            int wanted, int generation, int updated, int available, int all, int observed, String pending) {
        server.answer("/apis/apps/v1/namespaces/blue/deployments", """
                {"apiVersion": "apps/v1", "kind": "DeploymentList", "metadata": {}, "items": [
                  {"metadata": {"name": "other", "generation": 1}, "status": {},
                   "spec": {"template": {"metadata": {"labels": {"app": "other"}}}}},
                  {"metadata": {"name": "proxy", "generation": %d},
                   "spec": {"replicas": %d, "template": {"metadata": {"labels": {"app": "proxy", "v": "1"}}}},
                   "status": {"observedGeneration": %d, "updatedReplicas": %d, "availableReplicas": %d, "replicas": %d}}]}""".formatted(
                        generation, wanted, observed, updated, available, all));
        server.answer("/api/v1/namespaces/blue/pods?labelSelector=app%3Dproxy", """
                {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": []}""");
        assertEquals(
                Optional.of(pending).filter(text -> !text.equals("-")),
                proxies().pendingRestart());
    }

    @Test
    void aRestartWaitsForEarlierPodsToEnd() {
        server.answer("/apis/apps/v1/namespaces/blue/deployments", """
                {"apiVersion": "apps/v1", "kind": "DeploymentList", "metadata": {}, "items": []}""");
        server.answer(
                "/api/v1/namespaces/blue/pods?labelSelector=app%3Dproxy",
                """
                {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [%s]}""".formatted(pod("b", ", \"deletionTimestamp\": \"2026-01-02T03:04:05Z\"")));
        assertEquals(Optional.of("1 earlier pods are terminating"), proxies().pendingRestart());
        assertEquals(List.of(), proxies().restart());
    }

    @Test
    void restartsOnlyDeploymentsOfPodsWithTheseLabels() {
        var deployment = """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "%1$s", "namespace": "blue"},
                 "spec": {"template": {"metadata": {"labels": {"app": "%1$s"}}}}}""";
        var path = "/apis/apps/v1/namespaces/blue/deployments";
        server.answer(path, """
                {"apiVersion": "apps/v1", "kind": "DeploymentList", "metadata": {}, "items": [%s, %s]}""".formatted(deployment.formatted("other"), deployment.formatted("proxy")));
        server.answer(path + "/proxy", deployment.formatted("proxy"));
        assertEquals(List.of("proxy"), proxies().restart());
        assertTrue(server.asked().contains(path + "/proxy"), server.asked().toString());
    }

    @Test
    void reportsUnreachableClusterWithFix() {
        server.close();
        ClusterException gone = assertThrows(ClusterException.class, () -> cluster.hasNamespace("blue"));
        assertTrue(gone.getMessage().contains("kubectl --context fake"), gone.getMessage());
    }

    @Test
    void reportsMissingKubeconfig() {
        ClusterException gone = assertThrows(
                ClusterException.class, () -> Cluster.open(Optional.of(directory.resolve("none")), "fake"));
        assertTrue(gone.getMessage().contains(directory.resolve("none").toString()), gone.getMessage());
    }

    @Test
    void reportsUnreadableReleaseWithoutQuotingIt() {
        server.answer(RELEASES, """
                {"apiVersion": "v1", "kind": "SecretList", "metadata": {}, "items": [
                 {"metadata": {"name": "sh.helm.release.v1.pharia-ai.v1"}, "data": {"release": "czNjcmV0"}}]}""");
        ClusterException broken = assertThrows(ClusterException.class, () -> cluster.release("blue", "pharia-ai"));
        assertTrue(broken.getMessage().contains("blue/sh.helm.release.v1.pharia-ai.v1"), broken.getMessage());
        assertFalse(broken.getMessage().contains("s3cret"), broken.getMessage());
    }

    private ProxyPods proxies() {
        return cluster.proxyPods("blue", Map.of("app", "proxy"));
    }

    private static String pod(String name, String metadata) {
        return """
                {"metadata": {"name": "%s", "namespace": "blue"%s},
                 "spec": {"containers": [{"name": "proxy", "image": "registry/proxy:1",
                   "ports": [{"name": "http", "containerPort": 8080}, {"name": "ops", "containerPort": 9000}]}]},
                 "status": {"conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(name, metadata);
    }
}
