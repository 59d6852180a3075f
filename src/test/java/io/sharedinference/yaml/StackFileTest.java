package io.sharedinference.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackFileTest {

    private static final List<String> TENANTS = List.of("config", "shared-inference:tenants");
    private static final String TEXT = "config:\n  shared-inference:tenants:\n    - first # 1\n";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("Pulumi.shared.yaml"), TEXT);
    }

    /** What the processes run. */
    public static void main(String[] arguments) {
        for (int i = 0; i < 20; i++) {
            add(Path.of(arguments[0]), arguments[1] + i);
        }
    }

    private static void add(Path file, String name) {
        new StackFile(file).edit(text -> text.append(TENANTS, name));
    }

    @Test
    void losesNoLineBetweenTwoProcesses() throws Exception {
        var processes = new ArrayList<Process>();
        for (String name : List.of("a", "b")) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            StackFileTest.class.getName(),
                            file.toString(),
                            name)
                    .inheritIO()
                    .start());
        }
        for (var process : processes) {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        }
        assertEquals(all(), listed());
    }

    @Test
    void losesNoLineBetweenTwoThreads() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        var runs = List.of("a", "b").stream()
                .map(name -> threads.submit(() -> main(new String[] {file.toString(), name})))
                .toList();
        threads.shutdown();
        for (var run : runs) {
            run.get(60, TimeUnit.SECONDS);
        }
        assertEquals(all(), listed());
    }

    @Test
    void keepsTheFileIfItIsNotWritable() throws IOException {
        // root may write everywhere, but not in the place of a directory with something in it
        Files.createDirectories(directory.resolve(".Pulumi.shared.yaml.tmp/there"));

        var e = assertThrows(StackFileException.class, () -> add(file, "x"));

        assertTrue(e.getMessage().startsWith("cannot edit "), e.getMessage());
        assertTrue(e.getMessage().contains("Pulumi.shared.yaml: "), e.getMessage());
        assertEquals(TEXT, Files.readString(file));
    }

    @Test
    void leavesTheFileOfAReadOnlyDirectory() throws IOException {
        Assumptions.assumeFalse(System.getProperty("user.name").equals("root"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertThrows(StackFileException.class, () -> add(file, "x"));
            assertEquals(TEXT, Files.readString(file));
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void editsALinksTargetAndKeepsItsMode() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("link.yaml"), file);

        add(link, "x");

        assertTrue(Files.isSymbolicLink(link));
        assertEquals(TEXT + "    - x\n", Files.readString(file));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void goesOnAfterAProcessThatWasKilled() throws IOException {
        Files.writeString(directory.resolve(".Pulumi.shared.yaml.tmp"), "half");

        add(file, "x");

        assertEquals(TEXT + "    - x\n", Files.readString(file));
        assertFalse(Files.exists(directory.resolve(".Pulumi.shared.yaml.tmp")));
    }

    private static TreeSet<Object> all() {
        var names = new TreeSet<Object>(List.of("first"));
        IntStream.range(0, 20).forEach(i -> names.addAll(List.of("a" + i, "b" + i)));
        return names;
    }

    private TreeSet<Object> listed() throws IOException {
        var items = (List<?>)
                YamlText.of(file, Files.readString(file)).value(TENANTS).orElseThrow();
        return new TreeSet<>(items);
    }
}
