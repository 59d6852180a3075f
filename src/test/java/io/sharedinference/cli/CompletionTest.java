package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the scripts of {@code ./tenant completion} in the real shells, as the Tab key does. */
@Tag("slow")
class CompletionTest {

    private static final String BASH = """
            compopt() { :; } # works only on Tab
            source "$1"
            COMP_WORDS=("${@:2}")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            read -r function _ < <(complete -p tenant | sed 's/.*-F //')
            "$function"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
    private static final String ZSH = """
            compdef() { completer=$1 } # defined only on Tab
            compadd() { shift; print -l -- $@ }
            _files() { print -l -- ${words[CURRENT]}*(N) }
            source $1
            words=("${@:2}")
            CURRENT=${#words}
            $completer | grep "^${words[CURRENT]}"
            """;
    private static final String FISH = """
            source $argv[1]
            complete -C "$argv[2..-1]"
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void createProject() throws Exception {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: shared-inference\n");
        for (var stack : List.of("shared", "tenant1", "tenant2")) {
            Files.writeString(directory.resolve("Pulumi." + stack + ".yaml"), "config: {}\n");
        }
        Files.writeString(directory.resolve("ca.pem"), "");
        var tenant = Files.writeString(
                directory.resolve("tenant"),
                "#!/bin/sh\nexec '" + String.join("' '", RealProcess.tenant()) + "' \"$@\"\n");
        assertEquals(true, tenant.toFile().setExecutable(true));
    }

    static Stream<Arguments> lines() {
        return Stream.of("bash", "zsh", "fish")
                .flatMap(shell -> Stream.of(
                        Arguments.of(shell, "tenant rot", List.of("rotate")),
                        Arguments.of(shell, "tenant list --cac", List.of("--cacert")),
                        Arguments.of(shell, "tenant usage --by m", List.of("model")),
                        Arguments.of(shell, "tenant usage ten", List.of("tenant1", "tenant2")),
                        Arguments.of(shell, "tenant nosuch", List.of()),
                        Arguments.of(shell, "tenant rotate ten", List.of("tenant1", "tenant2")),
                        Arguments.of(shell, "tenant add blue --like tenant2", List.of("tenant2")),
                        Arguments.of(shell, "tenant preview tenant1 sh", List.of("shared")),
                        Arguments.of(shell, "tenant list --cacert ca", List.of("ca.pem")),
                        Arguments.of(shell, "tenant completion f", List.of("fish"))));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void completesTheLastWord(String shell, String line, List<String> expected) throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(project -> Files.isExecutable(Path.of(project, shell))),
                shell + " is not installed");
        assertEquals(expected, completed(shell, line));
    }

    private List<String> completed(String shell, String line) throws Exception {
        var script = Files.writeString(directory.resolve("completion"), completion(shell));
        var asked = List.of("bash", "zsh").contains(shell) ? shell.equals("bash") ? BASH : ZSH : FISH;
        var command = new ArrayList<>(List.of(shell, "-c", asked));
        if (!shell.equals("fish")) {
            command.add(shell);
        }
        command.add(script.toString());
        command.addAll(List.of(line.split(" ")));
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", directory + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("TENANT_CHECKOUT", directory.toString());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output.lines()
                .map(candidate -> candidate.replaceFirst("\t.*", ""))
                .filter(candidate -> !candidate.isBlank())
                .sorted()
                .toList();
    }

    private static String completion(String shell) {
        var out = new StringWriter();
        var command = Tenant.commandLine().setOut(new PrintWriter(out, true));
        assertEquals(0, command.execute("completion", shell));
        return out.toString();
    }
}
