package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the README promises of the sandbox's own two stacks. */
@ExtendWith(SandboxExtension.class)
class SandboxIT {

    @Test
    void plainPreviewInTheCheckoutSaysNoChanges(Sandbox sandbox) {
        for (var stack : new String[] {"shared", "tenant1"}) {
            sandbox.run("pulumi", "preview", "--non-interactive", "--expect-no-changes", "-s", stack)
                    .succeeded();
        }
    }

    @Test
    void theCommittedFilesStayAsTheyAre(Sandbox sandbox) {
        sandbox.run("pulumi", "preview", "--non-interactive", "-s", "tenant1").succeeded();
        var changed = sandbox.run(
                        "git", "status", "--porcelain", "Pulumi.yaml", "Pulumi.shared.yaml", "Pulumi.tenant1.yaml")
                .succeeded();
        assertEquals("", changed);
    }

    @Test
    void upOfARunningSandboxIsHarmless(Sandbox sandbox) {
        var before = sandbox.kubectl("get pods -A -o jsonpath={.items[*].metadata.uid}");
        assertTrue(sandbox.run("./sandbox/up").succeeded().contains("curl"));
        assertEquals(before, sandbox.kubectl("get pods -A -o jsonpath={.items[*].metadata.uid}"));
    }
}
