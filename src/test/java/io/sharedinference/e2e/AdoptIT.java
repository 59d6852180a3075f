package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An installation that the stack's state doesn't know, as one made by hand, is taken into it with nothing changed. */
@ExtendWith(SandboxExtension.class)
class AdoptIT {

    private static final String KINDS =
            "secrets,configmaps,services,deployments,replicasets,pods,networkpolicies,poddisruptionbudgets";

    private Sandbox sandbox;
    private Lives lives;

    @BeforeEach
    void begin(Sandbox running, @TempDir Path folder) {
        sandbox = running;
        lives = new Lives(running, folder, "adopt", 32080, false);
        lives.begin();
    }

    @AfterEach
    void end() {
        lives.end();
    }

    @Test
    void nothingThatRunsChanges() {
        lives.tenant(lives.addition()).succeeded();
        forget();
        var before = objects();
        var adopted = lives.tenant(lives.adoption()).succeeded();
        assertEquals(before, objects());
        assertTrue(
                adopted.contains("Release " + lives.namespace() + "/pharia-ai: is there, and will be adopted"),
                adopted);
        assertTrue(adopted.contains("token: the one of the service user blue"), adopted);
        assertTrue(adopted.contains("import: 4 objects"), adopted);
        assertTrue(lives.tenant(lives.adoption()).succeeded().contains("import: 0 objects"));
        lives.project().up(Lives.TENANT).succeeded();
        lives.project().previewWithoutChanges(Lives.TENANT).succeeded();
    }

    /** Now nobody but Helm and the cluster knows it. */
    private void forget() {
        lives.project()
                .pulumi("stack", "rm", "--force", "--preserve-config", "--yes", Lives.TENANT)
                .succeeded();
    }

    /** With their versions; a release's revisions are among the Secrets. */
    private List<String> objects() {
        return sandbox.kubectl(
                        "-n " + lives.namespace() + " get " + KINDS
                                + " -o jsonpath={range.items[*]}{.kind}/{.metadata.name}/{.metadata.resourceVersion}{\"\\n\"}{end}")
                .lines()
                .toList();
    }
}
