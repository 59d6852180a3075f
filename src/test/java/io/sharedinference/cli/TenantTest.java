package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TenantTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static Stream<Arguments> usageErrors() {
        return Stream.of(
                Arguments.of("", "Missing required subcommand"),
                Arguments.of("verify tenant1 user-token", "unexpected argument"),
                Arguments.of(
                        "verify tenant1 --token=user-token",
                        "unknown option --token. Tokens cannot be passed as arguments"),
                Arguments.of(
                        "verify tenant1 --token-file /no/such/file",
                        "the file with the user's token: it does not exist"));
    }

    @ParameterizedTest
    @MethodSource("usageErrors")
    void exitsWith2WithoutAStackTraceOnUsageErrors(String line, String expected) {
        assertEquals(2, execute(line.isEmpty() ? new String[0] : line.split(" ")));
        assertTrue(err.toString().contains(expected), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void exitsWith2WithoutAProject(@TempDir Path directory) throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "user-token-4711");
        assertEquals(2, execute("verify", "tenant1", "--token-file", token.toString(), "--cwd", directory.toString()));
        assertTrue(
                err.toString().contains("tenant: no project found: " + directory + " has no Pulumi.yaml"),
                err.toString());
        assertFalse(err.toString().contains("user-token-4711"), err.toString());
    }

    @Test
    void doctorExitsWith1WhenAStackFileIsInvalid(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: shared-inference\nruntime: java\n");
        Files.writeString(directory.resolve("Pulumi.blue.yaml"), "config: [");
        assertEquals(1, execute("doctor", "--cwd", directory.toString()), err.toString());
        assertTrue(out.toString().contains("Pulumi.blue.yaml"), out.toString());
    }

    /** In every position, also after an equals sign. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TOKEN",
                "--TOKEN",
                "verify tenant1 TOKEN",
                "verify tenant1 --token TOKEN",
                "verify tenant1 --token=TOKEN",
                "verify tenant1 -tTOKEN",
                "verify tenant1 --token-file TOKEN",
                "verify tenant1 --token-file=TOKEN",
                "verify --token-dir TOKEN",
                "verify tenant1 --json=TOKEN",
                "preview tenant1 --parallel TOKEN",
                "preview tenant1 --parallel=TOKEN",
                "comment previews --pull-request TOKEN",
                "comment previews TOKEN",
                "add blue --set TOKEN",
                "add blue TOKEN",
                "rotate blue TOKEN",
                "rotate blue --yes=TOKEN",
                "completion TOKEN",
                "help TOKEN",
                "list TOKEN",
                "doctor TOKEN"
            })
    void doesNotPrintATokenPassedAsArgument(String line) {
        var token = "eyJhbGciOi.s3cr3t-0f-A-user/4711";
        assertTrue(execute(line.replace("TOKEN", token).split(" ")) != 0 || line.startsWith("help"));
        for (var output : List.of(out.toString(), err.toString())) {
            assertFalse(output.contains("s3cr3t"), output);
        }
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void doesNotPrintATokenPassedAsFile() {
        assertEquals(2, execute("verify", "tenant1", "--token-file", "s3cr3t".repeat(500)));
        assertFalse(err.toString().contains("s3cr3t"), err.toString());
        assertTrue(err.toString().contains("Fix: pass the path of a file"), err.toString());
    }

    @Test
    void suggestsSimilarCommands() {
        assertEquals(2, execute("verfy"));
        assertTrue(err.toString().contains("Did you mean") && err.toString().contains("verify"), err.toString());
    }

    @Test
    void printsTheVersionOfTheBuild() throws Exception {
        var pom = Files.readString(Path.of("pom.xml"));
        var version = pom.replaceFirst("(?s).*?<version>([^<]+)</version>.*", "$1");
        assertEquals(0, execute("--version"));
        assertTrue(out.toString().startsWith("tenant " + version + "\n"), out.toString());
    }

    @Test
    void printsTheSameHelpForCommandAndOption() {
        assertEquals(0, execute("help", "rotate"));
        var shown = out.toString();
        out.getBuffer().setLength(0);
        assertEquals(0, execute("rotate", "--help"));
        assertEquals(out.toString(), shown);
        assertTrue(shown.contains("Rotate a tenant's token"), shown);
    }

    @Test
    void listsEveryCommandInAGroup() {
        assertEquals(0, execute("--help"));
        var lines = out.toString().lines().toList();
        for (var group : List.of("Manage tenants:", "Inspect tenants:", "Review changes:", "Other commands:")) {
            assertTrue(lines.contains(group), out.toString());
        }
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80 && !line.contains("%n")), out.toString());
        Tenant.commandLine().getSubcommands().forEach((name, command) -> {
            var hidden = command.getCommandSpec().usageMessage().hidden();
            var shown = lines.stream()
                    .filter(line -> line.startsWith("  " + name + " "))
                    .count();
            assertEquals(hidden ? 0 : 1, shown, name);
        });
    }

    /** As in kubectl: verb first, one line without a period, and examples. */
    @Test
    void describesEveryCommandWithExamples() {
        Tenant.commandLine().getSubcommands().forEach((name, command) -> {
            var usage = command.getCommandSpec().usageMessage();
            if (usage.hidden() || name.equals("help")) {
                return;
            }
            var summary = usage.description()[0];
            assertTrue(summary.matches("[A-Z][a-z]*[^s.] .*[^.]"), name + ": " + summary);
            assertTrue(summary.length() <= 66, name + ": does not fit beside its name into 80 columns");
            var footer = List.of(usage.footer());
            assertTrue(footer.contains("Examples:"), name);
            assertTrue(footer.stream().anyMatch(line -> line.contains("./tenant " + name)), name);
        });
    }

    @Test
    void parsesAllExamples() {
        Tenant.commandLine().getSubcommands().values().stream()
                .flatMap(command ->
                        Stream.of(command.getCommandSpec().usageMessage().footer()))
                .filter(line -> line.startsWith("  ./tenant "))
                .map(line -> line.strip().replaceFirst("\\./tenant ", "").replaceFirst(" \\|.*", ""))
                .forEach(line -> assertDoesNotThrow(() -> Tenant.commandLine().parseArgs(line.split(" ")), line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list tenat1",
                "verify tenat1",
                "rotate tenat1",
                "adopt tenat1",
                "preview tenat1",
                "preview tenat1 --drift",
                "render tenat1",
                "check tenat1",
                "add tenant2 --like tenat1"
            })
    void suggestsSimilarNamesBeforeRunning(String line, @TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: shared-inference");
        Files.writeString(directory.resolve("Pulumi.tenant1.yaml"), "config: {}");
        assertEquals(2, execute((line + " --json --cwd " + directory).split(" ")));
        assertTrue(err.toString().contains("Fix: did you mean tenant1?"), err.toString());
        var json = new ObjectMapper().readTree(out.toString());
        assertTrue(json.path("error").asText().contains("tenat1"), out.toString());
        assertEquals(false, json.path("done").asBoolean(true));
    }

    @Test
    void printsUsageErrorsAsJson() throws Exception {
        assertEquals(2, execute("verify", "--json", "--no-such-option"));
        var json = new ObjectMapper().readTree(out.toString());
        assertTrue(json.path("error").asText().contains("--no-such-option"), out.toString());
    }

    @Test
    void hasJsonOutputForEveryCommandExceptCompletion() {
        Tenant.commandLine()
                .getSubcommands()
                .forEach((name, command) -> assertEquals(
                        !Set.of("completion", "__complete", "help").contains(name),
                        command.getCommandSpec().optionsMap().containsKey("--json"),
                        name));
    }

    @Test
    void documentsExitCodesOnce() {
        assertEquals(0, execute("--help"));
        assertTrue(out.toString().replaceAll("\\s+", " ").contains(ExitCode.TEXT), out.toString());
        Tenant.commandLine()
                .getSubcommands()
                .forEach((name, command) -> assertFalse(
                        command.getUsageMessage().toLowerCase(Locale.ROOT).contains("exit code"), name));
    }

    @Test
    void helpListsTheSourcesOfAToken() {
        assertEquals(0, execute("verify", "--help"));
        assertTrue(
                out.toString().contains("--token-file") && out.toString().contains("TENANT_USER_TOKEN"),
                out.toString());
    }

    @Test
    void printsSuppressedFailuresLast() {
        var first = new CommandException("the first one");
        first.addSuppressed(new CommandException("the second one"));
        assertEquals("the first one\nThen this failed too: the second one", Tenant.text(first));
    }

    private int execute(String... arguments) {
        CommandLine command =
                Tenant.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
