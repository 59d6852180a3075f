package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ScriptsTest {

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();
    private static final List<String> ROOTS = List.of(".ci", ".mvn", "bench", "docs", "sandbox", "tenant");

    @Test
    void shellcheckFindsNothing() throws IOException, InterruptedException {
        assertClean(List.of(linter("shellcheck"), "--external-sources"), files(ScriptsTest::isShell));
    }

    @Test
    void gofmtChangesNothing() throws IOException, InterruptedException {
        assertClean(
                List.of(linter("gofmt"), "-d"), files(file -> file.toString().endsWith(".go")));
    }

    private static void assertClean(List<String> command, List<String> files) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(command);
        arguments.addAll(files);
        var check = new ProcessBuilder(arguments)
                .directory(CHECKOUT.toFile())
                .redirectErrorStream(true)
                .start();
        var findings = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", findings);
        assertEquals(0, check.waitFor());
    }

    private static List<String> files(Predicate<Path> filter) throws IOException {
        var files = new ArrayList<String>();
        for (var root : ROOTS) {
            try (var tree = Files.walk(CHECKOUT.resolve(root))) {
                tree.filter(file -> !file.toString().contains("/target/") && Files.isRegularFile(file))
                        .filter(filter)
                        .sorted()
                        .map(file -> CHECKOUT.relativize(file).toString())
                        .forEach(files::add);
            }
        }
        assertFalse(files.isEmpty());
        return files;
    }

    private static String linter(String name) {
        return Tool.linter(name).toString();
    }

    private static boolean isShell(Path file) {
        if (file.toString().endsWith(".sh")) {
            return true;
        }
        try (var start = Files.newInputStream(file)) {
            var line = new String(start.readNBytes(32), StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst();
            return line.filter(text -> text.matches("#!.*\\b(ba)?sh\\b.*")).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
