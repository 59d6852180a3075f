package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle of a shared installation and a tenant with their states in PostgreSQL. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresIT {

    private Sandbox sandbox;
    private Installations installations;
    private Postgres postgres;
    private Project project;

    @BeforeAll
    void deploy(Sandbox running, @TempDir Path database, @TempDir Path directory) throws IOException {
        sandbox = running;
        installations = new Installations(running, "postgres", 31780);
        postgres = Postgres.start(running, database);
        project = new Project(running, directory.resolve("project")).with(postgres.environment());
        project.configure("shared", installations.shared("blue"));
        project.configure("blue", installations.blue("1s"));
        project.up("shared").succeeded();
        project.up("blue").succeeded();
    }

    @AfterAll
    void destroy() {
        project.destroy("blue").succeeded();
        project.destroy("shared").succeeded();
        List.of("blue", "shared")
                .forEach(stack -> project.pulumi("stack", "rm", "--yes", stack).succeeded());
        var keys = postgres.keys();
        postgres.close();
        assertFalse(keys.contains("/stacks/shared-inference/blue.json\n"), keys);
        assertFalse(keys.contains("/locks/"), keys);
    }

    @Test
    void statesAreStoredAndPreviewsShowNoChanges() {
        assertTrue(postgres.keys().contains(".pulumi/stacks/shared-inference/blue.json"), postgres.keys());
        project.previewWithoutChanges("shared").succeeded();
        project.previewWithoutChanges("blue").succeeded();
    }

    @Test
    void theTenantHasTheTokenOfItsStackReference() {
        assertEquals(
                token(),
                sandbox.secret(
                        installations.blueNamespace(), "inference-api-proxy-secret", "remote-inference-api-token"));
    }

    @Test
    void noRowContainsAToken() {
        var rows = postgres.rows();
        var tokens = new TokenSearch(sandbox, List.of(token()));
        tokens.inText("rows", rows);
        assertEquals(List.of(), tokens.findings());
        assertTrue(rows.contains("\"token-blue\"") && rows.contains("\"ciphertext\""), "the contents are not decoded");
    }

    @Test
    void theCliStoresNoPassword(@TempDir Path home) {
        var other = project.with(Map.of("PULUMI_HOME", home.toString(), "PULUMI_BACKEND_URL", ""));
        other.pulumi("login", postgres.url()).succeeded();
        assertTrue(other.pulumi("stack", "ls").succeeded().contains("blue"));
        var stored = new TokenSearch(sandbox, List.of(Postgres.PASSWORD));
        stored.inDirectory(home);
        assertEquals(List.of(), stored.findings());
    }

    @Test
    void theLockOfAKilledRunRejectsOthersUntilItIsCancelled() {
        var first = CompletableFuture.supplyAsync(() -> project.with(Map.of()).up("blue"));
        var holder = ProcessHandle.of(lockHolder(first)).orElseThrow();
        var started = holder.descendants().toList();
        holder.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        first.join().failed();
        var refusal = project.up("blue").failed();
        assertTrue(refusal.contains("currently locked by 1 lock"), refusal);
        assertTrue(refusal.contains("pid " + holder.pid()), refusal);
        project.pulumi("cancel", "--yes", "--stack", "blue").succeeded();
        project.up("blue").succeeded();
    }

    /** The process ID in the stack's lock, once the run has it. */
    private long lockHolder(CompletableFuture<Outcome> run) {
        while (!run.isDone()) {
            var pid = Pattern.compile("\"pid\":([0-9]+)").matcher(postgres.contents("%/locks/%"));
            if (pid.find()) {
                return Long.parseLong(pid.group(1));
            }
        }
        throw new AssertionError("never locked the stack: " + run.join().output());
    }

    private String token() {
        return sandbox.secret(installations.sharedNamespace(), "pharia-iam-service-user-blue", "token");
    }
}
