package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.program.TenantObjects;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingKindTest {

    private static final String API = "/apis/monitoring.coreos.com/v1";
    private static final String KINDS = """
            {"kind": "APIResourceList", "groupVersion": "monitoring.coreos.com/v1", "resources": [
              {"name": "x", "kind": "%s", "namespaced": true, "singularName": "x", "verbs": ["get"]}]}""";

    @TempDir
    Path directory;

    private final FakeCluster server = new FakeCluster();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void reportsMissingPrometheusOperator() throws IOException {
        var message = problems("true").get(0).toString();
        assertTrue(message.contains("shared-inference:monitoring = \"true\""), message);
        assertTrue(message.contains("the cluster of context fake has no PodMonitor"), message);
        assertTrue(message.contains("pulumi config set monitoring false"), message);
    }

    @Test
    void reportsOperatorWithoutPodMonitors() throws IOException {
        server.answer(API, KINDS.formatted("ServiceMonitor"));
        assertEquals(1, problems("true").size());
    }

    @Test
    void acceptsClusterWithPodMonitors() throws IOException {
        server.answer(API, KINDS.formatted("PodMonitor"));
        assertEquals(List.of(), problems("true"));
    }

    @Test
    void asksNothingWithoutMonitoring() throws IOException {
        assertEquals(List.of(), problems("false"));
        assertEquals(List.of(), server.asked());
    }

    @Test
    void ignoresUnreachableCluster() throws IOException {
        server.close();
        assertEquals(List.of(), problems("true"));
    }

    private List<Problem> problems(String monitoring) throws IOException {
        var keys = ConfigFixtures.tenant();
        keys.put("context", FakeCluster.CONTEXT);
        keys.put("kubeconfig", server.kubeconfig(directory).toString());
        keys.put("monitoring", monitoring);
        var config = ConfigFixtures.tenantConfig(keys);
        var problems = new Problems();
        MissingKind.check(config.installation(), TenantObjects.of(config), directory, problems);
        return problems.all();
    }
}
