package io.sharedinference.chart;

import io.sharedinference.project.Chart;
import io.sharedinference.project.StackFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/**
 * A chart repository's login for a few runs of Helm: {@code helm template} takes a password as an argument alone, which
 * everybody on the machine can read, and {@code helm repo add} on standard input. What Helm keeps of it is in a directory
 * that its owner alone can read, until this is closed.
 */
record HelmLogin(Chart chartOf, Path directory) implements AutoCloseable {

    private static final String NAME = "private";

    static HelmLogin of(Chart chart) throws ChartException {
        if (chart.credentials().orElseThrow().password().equals(StackFiles.SECRET)) {
            throw new ChartException(
                    "its repository asks for a password, which is encrypted in the stack's file and not"
                            + " decrypted here.\nFix: run ./tenant preview with the stack's key, or use a repository of helm repo add.");
        }
        try {
            return new HelmLogin(chart, Files.createTempDirectory("helm"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for a chart repository's login", e);
        }
    }

    /** Of Helm, in the place of the user's own repositories. */
    Map<String, String> environment() {
        return Map.of(
                "HELM_REPOSITORY_CONFIG", directory.resolve("repositories.yaml").toString(),
                "HELM_REPOSITORY_CACHE", directory.resolve("cache").toString());
    }

    /** Gets the password on standard input. */
    String[] command() {
        return new String[] {
            "repo",
            "add",
            NAME,
            chartOf.repository().orElseThrow(),
            "--username",
            chartOf.credentials().orElseThrow().username(),
            "--password-stdin"
        };
    }

    String password() {
        return chartOf.credentials().orElseThrow().password();
    }

    String chart() {
        return NAME + "/" + chartOf.name();
    }

    @Override
    public void close() {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
