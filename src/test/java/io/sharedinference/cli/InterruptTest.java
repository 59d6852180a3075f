package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends signals to the real command line while it waits for a real {@code pulumi up}. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class InterruptTest {

    private static final String BRIEF = "touch started; sleep 3; touch finished; sleep 1\n";
    private static final String HANGING = "touch started; i=0; while [ $i -lt 40 ]; do sleep 1; i=$((i + 1)); done\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "INT,  -, 130, a terminal signals the whole group",
        "INT,  '', 130, a CI server signals the command alone",
        "TERM, '', 143, a service manager signals the command alone",
    })
    void reportsTheStepsAndReleasesTheLock(String signal, String group, int exitCode, String who) throws Exception {
        var process = RealProcess.in(directory, BRIEF);
        var tenant = process.started("add", "blue", "--yes", "--domain", "blue.test");
        try {
            process.await("started", tenant);
            assertEquals(1, locks().size(), "the update does not hold its lock");
            process.finished("kill", "-" + signal, "--", group + tenant.pid());
            var lines =
                    new String(tenant.getInputStream().readAllBytes()).lines().toList();
            assertEquals(exitCode, tenant.waitFor(), who);
            assertEquals(
                    "tenant: interrupted: done: write Pulumi.blue.yaml, create stack blue, add service user to Pulumi.shared.yaml;"
                            + " not done: update stack shared and later steps."
                            + "\nFix: to continue, run ./tenant add blue --yes --domain blue.test",
                    String.join("\n", lines.subList(lines.size() - 2, lines.size())));
            assertTrue(
                    lines.subList(0, lines.size() - 2).stream().allMatch(line -> line.startsWith("ok ")),
                    lines.toString());
            assertEquals(List.of(), locks());
            assertTrue(Files.exists(process.project().resolve("finished")), "pulumi was aborted instead of finishing");
        } finally {
            tenant.descendants().forEach(ProcessHandle::destroyForcibly);
            tenant.destroyForcibly();
        }
    }

    /** CI servers kill processes after ten seconds, which leaves the lock. */
    @Test
    void abortsHangingProcessesWithinTenSeconds() throws Exception {
        var process = RealProcess.in(directory, HANGING);
        var tenant = process.started("add", "blue", "--yes");
        try {
            process.await("started", tenant);
            assertEquals(1, locks().size(), "the update does not hold its lock");
            process.finished("kill", "-TERM", "--", String.valueOf(tenant.pid()));
            assertTrue(tenant.waitFor(10, TimeUnit.SECONDS));
            assertEquals(List.of(), locks());
        } finally {
            tenant.descendants().forEach(ProcessHandle::destroyForcibly);
            tenant.destroyForcibly();
        }
    }

    @Test
    void reportsThatNothingWasChanged() throws Exception {
        var process = RealProcess.in(directory, BRIEF);
        var tenant = process.started("preview", "shared");
        try {
            process.await("started", tenant);
            process.finished("kill", "-INT", "--", String.valueOf(tenant.pid()));
            var output = new String(tenant.getInputStream().readAllBytes());
            assertEquals(130, tenant.waitFor());
            assertEquals(
                    "tenant: interrupted: nothing was changed.\nFix: to continue, run ./tenant preview shared",
                    output.strip());
        } finally {
            tenant.descendants().forEach(ProcessHandle::destroyForcibly);
            tenant.destroyForcibly();
        }
    }

    private List<Path> locks() throws Exception {
        try (var files = Files.walk(directory.resolve("state/.pulumi/locks"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }
}
