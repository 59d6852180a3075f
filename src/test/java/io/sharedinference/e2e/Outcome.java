package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The exit code and the output of a command. */
record Outcome(List<String> command, int exit, String output) {

    /** Runs a command until it exits; {@code env} looks it up on the PATH of the given environment. */
    static Outcome of(Path directory, Map<String, String> environment, String... command) {
        var builder = new ProcessBuilder("env").directory(directory.toFile()).redirectErrorStream(true);
        builder.command().addAll(List.of(command));
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(List.of(command), process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted in " + List.of(command), e);
        }
    }

    /** Asserts that the command succeeded, and returns its output. */
    String succeeded() {
        assertEquals(0, exit, () -> String.join(" ", command) + " printed:\n" + output);
        return output;
    }

    /** Asserts that the command failed, and returns its output. */
    String failed() {
        assertNotEquals(0, exit, () -> String.join(" ", command) + " succeeded, and printed:\n" + output);
        return output;
    }
}
