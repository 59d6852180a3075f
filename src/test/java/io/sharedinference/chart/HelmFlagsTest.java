package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.program.Values;
import io.sharedinference.project.ConfigFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Helm 3 needs two flags for a server-side dry run, and Helm 4 rejects one of them. */
class HelmFlagsTest {

    @TempDir
    Path directory;

    @Test
    void omitsValidateForHelm4() throws Exception {
        assertEquals(
                "--dry-run=server", helm("""
                case " $* " in *" --validate "*)
                  echo "Error: if any flags in the group [validate dry-run] are set none of the others can be;" \\
                    "[dry-run validate] were all set" >&2
                  exit 1 ;;
                esac
                """).renderWithCluster(Values.EMPTY).strip());
    }

    @Test
    void passesBothFlagsToHelm3() throws Exception {
        assertEquals(
                "--validate --dry-run=server",
                helm("").renderWithCluster(Values.EMPTY).strip());
    }

    @Test
    void reportsOtherFailures() throws IOException {
        var helm = helm("echo 'Error: no such chart' >&2; exit 1\n");
        assertThrows(ChartException.class, () -> helm.renderWithCluster(Values.EMPTY));
    }

    @Test
    void reportsMissingHelmWithFix() {
        var config = ConfigFixtures.tenantConfig(ConfigFixtures.tenant()).installation();
        var helm = new Helm(config, directory, "no-such-helm");
        var message = assertThrows(ChartException.class, () -> helm.renderOffline(Values.EMPTY))
                .getMessage();
        assertTrue(message.startsWith("cannot run helm: "), message);
        assertTrue(message.contains("\nFix: install Helm 3.13 or later"), message);
    }

    /** Commands that wait in the common pool must not keep others from reading the output. */
    @Test
    void readsLargeOutputInOccupiedCommonPool() throws Exception {
        var helm = helm("head -c 300000 /dev/zero | tr '\\0' x; exit 0\n");
        var outputs = Stream.generate(() -> ForkJoinPool.commonPool().submit(() -> helm.renderOffline(Values.EMPTY)))
                .limit(ForkJoinPool.getCommonPoolParallelism())
                .toList();
        for (var output : outputs) {
            assertEquals(300_000, output.get().length());
        }
    }

    /** Prints which of the two flags it received. */
    private Helm helm(String rule) throws IOException {
        var program = Files.writeString(directory.resolve("helm"), """
                #!/bin/sh
                cat >/dev/null
                %secho $(for flag in "$@"; do case $flag in --validate | --dry-run*) echo "$flag" ;; esac; done)
                """.formatted(rule));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        var config = ConfigFixtures.tenantConfig(ConfigFixtures.tenant()).installation();
        return new Helm(config, directory, program.toString());
    }
}
