package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

class ExistingObjectsTest {

    private static final String SECRET = "/api/v1/namespaces/blue/secrets/inference-api-proxy-secret";
    private static final String PARENT = "urn:pulumi:blue::shared-inference::shared-inference:release:Installation$";

    @TempDir
    Path directory;

    private final FakeCluster server = new FakeCluster().answer("/api/v1", """
                    {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
                      {"name": "secrets", "kind": "Secret", "namespaced": true, "singularName": "secret", "verbs": ["get"]}]}""").answer(SECRET, """
                    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "inference-api-proxy-secret"}}""");

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void reportsObjectNotManagedByStack() throws IOException {
        assertEquals(List.of("Secret blue/inference-api-proxy-secret"), subjects(List.of()));
    }

    @Test
    void skipsObjectsInState() throws IOException {
        var urns = List.of(
                PARENT + "kubernetes:core/v1:Secret::tenant-inference-api-proxy-secret",
                PARENT + "kubernetes:networking.k8s.io/v1:NetworkPolicy::tenant-inference-api-proxy-policy");
        assertEquals(List.of(), subjects(urns));
        assertEquals(List.of(), server.asked());
    }

    @Test
    void ignoresUnreachableCluster() throws IOException {
        server.close();
        assertEquals(List.of(), subjects(List.of()));
    }

    private List<String> subjects(List<String> urns) throws IOException {
        var keys = ConfigFixtures.tenant();
        keys.put("context", FakeCluster.CONTEXT);
        keys.put("namespace", "blue");
        keys.put("kubeconfig", server.kubeconfig(directory).toString());
        var config = ConfigFixtures.tenantConfig(keys);
        var problems = new Problems();
        ExistingObjects.check(config.installation(), TenantObjects.of(config), urns, directory, problems);
        return problems.all().stream().map(Problem::subject).toList();
    }
}
