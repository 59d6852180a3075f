package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sandbox's two stacks behave as the README says. */
@ExtendWith(SandboxExtension.class)
class SandboxIT {

    @Test
    void previewInTheCheckoutShowsNoChanges(Sandbox sandbox) {
        for (var stack : new String[] {"shared", "tenant1"}) {
            sandbox.run("pulumi", "preview", "--non-interactive", "--expect-no-changes", "-s", stack)
                    .succeeded();
        }
    }

    @Test
    void committedFilesAreUnchanged(Sandbox sandbox) {
        sandbox.run("pulumi", "preview", "--non-interactive", "-s", "tenant1").succeeded();
        var changed = sandbox.run(
                        "git", "status", "--porcelain", "Pulumi.yaml", "Pulumi.shared.yaml", "Pulumi.tenant1.yaml")
                .succeeded();
        assertEquals("", changed);
    }

    @Test
    void upOfARunningSandboxRestartsNothing(Sandbox sandbox) {
        var before = sandbox.kubectl("get pods -A -o jsonpath={.items[*].metadata.uid}");
        assertTrue(sandbox.run("./sandbox/up").succeeded().contains("curl"));
        assertEquals(before, sandbox.kubectl("get pods -A -o jsonpath={.items[*].metadata.uid}"));
    }
}
