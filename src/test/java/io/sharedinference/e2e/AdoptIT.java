package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Adopts an existing installation that is not in the stack's state, without changing it. */
@ExtendWith(SandboxExtension.class)
class AdoptIT {

    private static final String KINDS =
            "secrets,configmaps,services,deployments,replicasets,pods,networkpolicies,poddisruptionbudgets";

    private Sandbox sandbox;
    private LifecycleFixture fixture;

    @BeforeEach
    void begin(Sandbox running, @TempDir Path directory) {
        sandbox = running;
        fixture = new LifecycleFixture(running, directory, "adopt", 32080, false);
        fixture.begin();
    }

    @AfterEach
    void end() {
        fixture.end();
    }

    @Test
    void adoptionChangesNoObject() {
        fixture.tenant(fixture.addition()).succeeded();
        removeStackState();
        var before = objects();
        var adopted = fixture.tenant(fixture.adoption()).succeeded();
        assertEquals(before, objects());
        assertTrue(
                adopted.contains("Release " + fixture.namespace() + "/pharia-ai: exists, will be imported"), adopted);
        assertTrue(adopted.contains("token: matches service user blue"), adopted);
        assertTrue(adopted.contains("import existing objects: 4 objects"), adopted);
        assertTrue(fixture.tenant(fixture.adoption()).succeeded().contains("import existing objects: 0 objects"));
        fixture.project().up(LifecycleFixture.TENANT).succeeded();
        fixture.project().previewWithoutChanges(LifecycleFixture.TENANT).succeeded();
    }

    /** As policies, service meshes and consoles do. */
    @Test
    void labelsThatOthersSetOnTheNamespaceAreKept() {
        fixture.tenant(fixture.addition()).succeeded();
        removeStackState();
        sandbox.kubectl("label namespace " + fixture.namespace()
                + " pod-security.kubernetes.io/enforce=baseline istio-injection=enabled");
        sandbox.kubectl("annotate namespace " + fixture.namespace() + " field.cattle.io/projectId=c-1:p-1");
        var before = metadata();
        var adopted = fixture.tenant(fixture.adoption()).succeeded();
        assertFalse(adopted.contains("istio-injection") || adopted.contains("projectId"), adopted);
        fixture.project().up(LifecycleFixture.TENANT).succeeded();
        assertEquals(before, metadata());
        sandbox.kubectl("label --overwrite namespace " + fixture.namespace() + " istio-injection=disabled");
        fixture.project()
                .pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", LifecycleFixture.TENANT)
                .succeeded();
        assertEquals(before.replace("\"enabled\"", "\"disabled\""), metadata());
        fixture.project().previewWithoutChanges(LifecycleFixture.TENANT).succeeded();
    }

    private String metadata() {
        return sandbox.kubectl("get namespace " + fixture.namespace()
                + " -o jsonpath={.metadata.labels}{.metadata.annotations.field\\.cattle\\.io/projectId}");
    }

    /** The installation remains in the cluster. */
    private void removeStackState() {
        fixture.project()
                .pulumi("stack", "rm", "--force", "--preserve-config", "--yes", LifecycleFixture.TENANT)
                .succeeded();
    }

    /** With their resource versions; the Secrets include the release's revisions. */
    private List<String> objects() {
        return sandbox.kubectl(
                        "-n " + fixture.namespace() + " get " + KINDS
                                + " -o jsonpath={range.items[*]}{.kind}/{.metadata.name}/{.metadata.resourceVersion}{\"\\n\"}{end}")
                .lines()
                .toList();
    }
}
