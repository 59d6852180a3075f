package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The output of the real command line on a terminal of a given width. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class PseudoTerminalTest {

    private static final String IN_TERMINAL = """
            import fcntl, os, pty, struct, sys, termios
            pid, terminal = pty.fork()
            if pid == 0:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 25, int(sys.argv[1]), 0, 0))
                os.execvp(sys.argv[2], sys.argv[2:])
            while True:
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    break
                if not data:
                    break
                sys.stdout.buffer.write(data)
            os.waitpid(pid, 0)
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {80, 200})
    void keepsProgressOnOneLine(int width) throws Exception {
        var process = RealProcess.in(directory, "echo '%s' >&2\nexit 1\n".formatted("a 検査 of the line ".repeat(30)));
        var shown = progress(inTerminal(process, width, "add", "blue", "--yes"));
        assertTrue(shown.stream().anyMatch(line -> line.startsWith("update stack shared: ")), shown.toString());
        assertTrue(shown.stream().allMatch(line -> columns(line) <= width), shown.toString());
        assertTrue(shown.stream().anyMatch(line -> columns(line) > width - 3), "nothing was as long as the line");
    }

    @ParameterizedTest
    @CsvSource({"80", "200"})
    void fitsHelpToTheTerminal(int width) throws Exception {
        var process = RealProcess.in(directory, "");
        var lines = inTerminal(process, width, "add", "--help")
                .lines()
                .map(String::stripTrailing)
                .toList();
        assertTrue(lines.stream().allMatch(line -> columns(line) <= width), lines.toString());
        assertEquals(width > 80, lines.stream().anyMatch(line -> columns(line) > 80), lines.toString());
    }

    private static String inTerminal(RealProcess process, int width, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("python3", "-c", IN_TERMINAL, String.valueOf(width)));
        command.addAll(RealProcess.tenant());
        command.addAll(List.of(arguments));
        var builder = process.builder(command);
        builder.environment().put("TENANT_TERMINAL", "true");
        builder.environment().put("TENANT_COLUMNS", String.valueOf(width));
        builder.environment().put("NO_COLOR", "true");
        builder.environment().put("LC_ALL", "C.UTF-8");
        var python = builder.start();
        var output = new String(python.getInputStream().readAllBytes());
        assertEquals(0, python.waitFor(), output);
        return output;
    }

    /** The lines that were overwritten. */
    private static List<String> progress(String output) {
        var parts = Arrays.asList(output.split("\r\u001b\\[K"));
        return parts.subList(0, parts.size() - 1).stream()
                .flatMap(part -> Stream.of(part.split("\r?\n")).reduce((first, last) -> last).stream())
                .map(line -> line.replaceAll("\u001b\\[[?0-9]*[a-z]", ""))
                .toList();
    }

    private static int columns(String line) {
        return line.codePoints()
                .map(point -> Character.isIdeographic(point) ? 2 : 1)
                .sum();
    }
}
