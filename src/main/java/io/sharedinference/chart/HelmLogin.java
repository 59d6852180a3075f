package io.sharedinference.chart;

import io.sharedinference.project.Chart;
import io.sharedinference.project.StackFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import okio.FileSystem;

/**
 * Login to a chart repository. {@code helm template} accepts a password only as an argument, which other users of the machine
 * can read; {@code helm repo add} reads it from standard input. Helm stores it in a directory that only its owner can read;
 * {@link #close} deletes the directory.
 */
record HelmLogin(Chart source, Path directory) implements AutoCloseable {

    private static final String NAME = "private";

    static HelmLogin of(Chart chart) {
        if (chart.credentials().orElseThrow().password().equals(StackFiles.SECRET)) {
            throw new ChartException("cannot log in to the repository of the chart " + chart.name()
                    + ": its password is encrypted in the stack file.\nFix: run ./tenant preview with access to"
                    + " the stack's secrets, or add the repository with helm repo add.");
        }
        try {
            return new HelmLogin(chart, Files.createTempDirectory("helm"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot create a temporary directory for the login to a chart repository", e);
        }
    }

    /** Environment of Helm; replaces the user's repositories. */
    Map<String, String> environment() {
        return Map.of(
                "HELM_REPOSITORY_CONFIG", directory.resolve("repositories.yaml").toString(),
                "HELM_REPOSITORY_CACHE", directory.resolve("cache").toString());
    }

    /** Reads the password from standard input. */
    String[] command() {
        return new String[] {
            "repo",
            "add",
            NAME,
            source.repository().orElseThrow(),
            "--username",
            source.credentials().orElseThrow().username(),
            "--password-stdin"
        };
    }

    String password() {
        return source.credentials().orElseThrow().password();
    }

    String chart() {
        return NAME + "/" + source.name();
    }

    @Override
    public void close() {
        try {
            FileSystem.SYSTEM.deleteRecursively(okio.Path.get(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
