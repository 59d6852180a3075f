package io.sharedinference.tools;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that tests run, from the PATH or from the tools that the sandbox built. */
public final class Tool {

    private static final Path BUILT = Path.of(System.getProperty("user.home"), ".cache", "shared-inference", "tools");

    private Tool() {}

    /** The program; if it is missing, the test is skipped. */
    public static Path required(String name) {
        var found = find(name);
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    /** The program; if it is missing, the test is skipped, except in CI, where it fails. */
    public static Path linter(String name) {
        if (System.getenv("CI") == null) {
            return required(name);
        }
        return find(name).orElseThrow(() -> new AssertionError(name + " is not installed in CI"));
    }

    private static Optional<Path> find(String name) {
        return Stream.concat(onPath(name), built(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> onPath(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, name));
    }

    private static Stream<Path> built(String name) {
        if (!Files.isDirectory(BUILT)) {
            return Stream.empty();
        }
        try (var directories = Files.list(BUILT)) {
            return directories.map(directory -> directory.resolve(name)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
