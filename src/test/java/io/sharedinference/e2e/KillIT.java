package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills commands with SIGKILL at ten random moments, either the process alone or its whole process group. Runs that resume a
 * killed one are killed too; the last run of each command must succeed. The tenant has a hand-over stack, because that takes
 * the most steps.
 */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillIT {

    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int SIGKILL_EXIT_CODE = 128 + 9;

    private final Random random = new Random(SEED);
    private final Set<ProcessHandle> orphans = new HashSet<>();
    private LifecycleFixture fixture;

    @BeforeAll
    void begin(Sandbox sandbox, @TempDir Path directory) {
        System.out.println("KillIT: -Dkill.seed=" + SEED);
        fixture = new LifecycleFixture(sandbox, directory, "kill", 31980, true);
        fixture.begin();
    }

    @AfterAll
    void end() {
        fixture.end();
        orphans.forEach(ProcessHandle::destroy); // the provider of a killed engine never exits by itself
    }

    @Test
    void theNextRunConverges() throws Exception {
        kill(3, 20_000, fixture.addition());
        fixture.tenant(fixture.addition()).succeeded();
        assertEquals(
                200, fixture.proxy().get("/model-settings", fixture.userToken()).statusCode());
        assertTrue(stacks().contains("handover-blue"), stacks());
        String first = fixture.token();

        kill(4, 20_000, fixture.rotation());
        fixture.tenant(fixture.rotation()).succeeded();
        assertEquals(401, fixture.shared().get("/model-settings", first).statusCode());
        assertEquals(
                200, fixture.proxy().get("/model-settings", fixture.userToken()).statusCode());
        assertEquals(1, fixture.serviceUsers().size());
        String second = fixture.token();

        kill(3, 8_000, fixture.removal());
        fixture.tenant(fixture.removal()).succeeded();
        assertEquals(401, fixture.shared().get("/model-settings", second).statusCode());
        assertEquals(List.of(), fixture.serviceUsers());
        assertFalse(fixture.hasNamespace());
        assertFalse(stacks().contains("blue"), stacks());
        assertFalse(Files.exists(fixture.project().directory().resolve("Pulumi.handover-blue.yaml")));
    }

    private String stacks() {
        return fixture.project().pulumi("stack", "ls").succeeded();
    }

    /** A run that ends before it is killed does not count: the next one is killed earlier. */
    private void kill(int times, int latestMillis, List<String> command) throws IOException, InterruptedException {
        int latest = latestMillis;
        int killed = 0;
        while (killed < times) {
            int millis = random.nextInt(latest);
            if (wasKilled(millis, command)) {
                killed++;
            } else {
                latest = Math.max(1, millis / 2);
            }
        }
    }

    private boolean wasKilled(int millis, List<String> command) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("env", "setsid"));
        words.addAll(command);
        var builder = new ProcessBuilder(words).directory(Sandbox.CHECKOUT.toFile());
        builder.environment().putAll(fixture.project().sandbox().environment());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        var process = builder.start();
        boolean processOnly = random.nextBoolean();
        if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            sendKill(process, processOnly);
        }
        boolean killed = process.waitFor() == SIGKILL_EXIT_CODE;
        System.out.println("KillIT: " + command.get(1) + (killed ? " killed after " : " ended before ") + millis
                + " ms, " + (processOnly ? "alone" : "with its group"));
        return killed;
    }

    private void sendKill(Process process, boolean processOnly) throws IOException, InterruptedException {
        process.descendants().forEach(orphans::add);
        if (!processOnly) {
            new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid())
                    .start()
                    .waitFor();
        }
        process.destroyForcibly(); // in case setsid has not created the group yet
    }
}
