package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real signals to a real command line that waits for a real {@code pulumi up}. */
@EnabledOnOs(OS.LINUX)
class InterruptionTest {

    private static final String BRIEF = "touch started; sleep 3; touch finished; sleep 1\n";
    private static final String HANGING = "touch started; i=0; while [ $i -lt 40 ]; do sleep 1; i=$((i + 1)); done\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "INT,  -, 130, a terminal signals the whole group",
        "INT,  '', 130, a CI server signals the command alone",
        "TERM, '', 143, a service manager signals the command alone",
    })
    void endsWithOneLineAndWithoutALock(String signal, String group, int exitCode, String who) throws Exception {
        var process = RealProcess.in(folder, BRIEF);
        var tenant = process.started("add", "blue", "--yes", "--domain", "blue.test");
        try {
            process.await("started", tenant);
            assertEquals(1, locks().size(), "the up is to hold its lock");
            process.finished("kill", "-" + signal, "--", group + tenant.pid());
            var lines =
                    new String(tenant.getInputStream().readAllBytes()).lines().toList();
            assertEquals(exitCode, tenant.waitFor(), who);
            assertEquals(
                    "tenant: interrupted: done: write Pulumi.blue.yaml, create stack blue, add service user to Pulumi.shared.yaml;"
                            + " not done: update stack shared, and what follows it."
                            + " Fix: to go on, run ./tenant add blue --yes --domain blue.test",
                    lines.get(lines.size() - 1));
            assertTrue(
                    lines.subList(0, lines.size() - 1).stream().allMatch(line -> line.startsWith("ok ")),
                    lines.toString());
            assertEquals(List.of(), locks());
            assertTrue(Files.exists(process.project().resolve("finished")), "it was ended, rather than asked to end");
        } finally {
            tenant.descendants().forEach(ProcessHandle::destroyForcibly);
            tenant.destroyForcibly();
        }
    }

    /** Before a CI server kills it, which leaves the lock. */
    @Test
    void whatDoesNotEndWhenAskedIsEndedWithinTenSeconds() throws Exception {
        var process = RealProcess.in(folder, HANGING);
        var tenant = process.started("add", "blue", "--yes");
        try {
            process.await("started", tenant);
            assertEquals(1, locks().size(), "the up is to hold its lock");
            process.finished("kill", "-TERM", "--", String.valueOf(tenant.pid()));
            assertTrue(tenant.waitFor(10, TimeUnit.SECONDS));
            assertEquals(List.of(), locks());
        } finally {
            tenant.descendants().forEach(ProcessHandle::destroyForcibly);
            tenant.destroyForcibly();
        }
    }

    @Test
    void aCommandThatChangesNothingSaysSo() throws Exception {
        var process = RealProcess.in(folder, BRIEF);
        var tenant = process.started("preview", "shared");
        try {
            process.await("started", tenant);
            process.finished("kill", "-INT", "--", String.valueOf(tenant.pid()));
            var output = new String(tenant.getInputStream().readAllBytes());
            assertEquals(130, tenant.waitFor());
            assertEquals(
                    "tenant: interrupted: nothing was changed. Fix: to go on, run ./tenant preview shared",
                    output.strip());
        } finally {
            tenant.descendants().forEach(ProcessHandle::destroyForcibly);
            tenant.destroyForcibly();
        }
    }

    private List<Path> locks() throws Exception {
        try (var files = Files.walk(folder.resolve("state/.pulumi/locks"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }
}
