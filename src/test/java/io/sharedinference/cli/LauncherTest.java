package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher passes the terminal's width. */
class LauncherTest {

    private static final String IN_TERMINAL = """
            import fcntl, os, pty, struct, sys, termios
            pid, terminal = pty.fork()
            if pid == 0:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 25, int(sys.argv[1]), 0, 0))
                os.execvp(sys.argv[2], sys.argv[2:])
            try:
                while data := os.read(terminal, 65536):
                    sys.stdout.buffer.write(data)
            except OSError:
                pass
            os.waitpid(pid, 0)
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {80, 200})
    void passesTheWidthOfATerminal(int width) throws Exception {
        assumeTrue(hasPython(), "python3, which opens the pseudo-terminal, is not on PATH");
        var launcher = launcher();
        var columns = run("python3", "-c", IN_TERMINAL, String.valueOf(width), launcher.toString(), "list");
        assertEquals(width, Terminal.of(Map.of("TENANT_COLUMNS", columns)).width());
    }

    @Test
    void passesNoWidthForAPipe() throws Exception {
        var columns = run(launcher().toString(), "list");
        assertEquals("", columns);
        assertEquals(
                Terminal.UNLIMITED,
                Terminal.of(Map.of("TENANT_COLUMNS", columns)).width());
    }

    /** A launcher of a program that prints its width. */
    private Path launcher() throws Exception {
        var launcher = Files.copy(Path.of("tenant"), directory.resolve("tenant"));
        var program = Files.createDirectory(directory.resolve(".mvn")).resolve("run");
        Files.writeString(program, "#!/bin/sh\necho \"$TENANT_COLUMNS\"\n");
        assertTrue(program.toFile().setExecutable(true) && launcher.toFile().setExecutable(true));
        return launcher;
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }

    private static boolean hasPython() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(project -> Files.isExecutable(Path.of(project, "python3")));
    }
}
