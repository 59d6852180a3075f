package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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

    static Stream<Arguments> misuse() {
        return Stream.of(
                Arguments.of("", "Missing required subcommand"),
                Arguments.of("verify tenant1 user-token", "Unmatched argument at index 2"),
                Arguments.of("verify tenant1 --token=user-token", "Unknown option"),
                Arguments.of("verify tenant1 --token-file /no/such/file", "/no/such/file doesn't exist"));
    }

    @ParameterizedTest
    @MethodSource("misuse")
    void misuseIsExitCode2WithoutAStackTrace(String line, String expected) {
        assertEquals(2, execute(line.isEmpty() ? new String[0] : line.split(" ")));
        assertTrue(err.toString().contains(expected), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void aFolderWithoutAProjectIsExitCode2(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "user-token-4711");
        assertEquals(2, execute("verify", "tenant1", "--token-file", token.toString(), "--cwd", folder.toString()));
        assertTrue(err.toString().startsWith("tenant: " + folder + " has no Pulumi.yaml"), err.toString());
        assertFalse(err.toString().contains("user-token-4711"), err.toString());
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
    void aMistypedNameIsExitCode2WithTheNearestBeforeAnythingRuns(String line, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Pulumi.yaml"), "name: shared-inference");
        Files.writeString(folder.resolve("Pulumi.tenant1.yaml"), "config: {}");
        assertEquals(2, execute((line + " --json --cwd " + folder).split(" ")));
        assertTrue(err.toString().contains("Fix: did you mean tenant1?"), err.toString());
        var json = new ObjectMapper().readTree(out.toString());
        assertTrue(json.path("error").asText().contains("tenat1"), out.toString());
        assertEquals(false, json.path("done").asBoolean(true));
    }

    @Test
    void misuseIsAnObjectWithJson() throws Exception {
        assertEquals(2, execute("verify", "--json", "--no-such-option"));
        var json = new ObjectMapper().readTree(out.toString());
        assertTrue(json.path("error").asText().contains("--no-such-option"), out.toString());
    }

    @Test
    void everyCommandHasJsonButTheOneThatPrintsAScript() {
        Tenant.commandLine()
                .getSubcommands()
                .forEach((name, command) -> assertEquals(
                        !name.equals("completion"),
                        command.getCommandSpec().optionsMap().containsKey("--json"),
                        name));
    }

    @Test
    void exitCodesAreDefinedOnce() {
        assertEquals(0, execute("--help"));
        assertTrue(out.toString().replaceAll("\\s+", " ").contains(Exit.TEXT), out.toString());
        Tenant.commandLine()
                .getSubcommands()
                .forEach((name, command) -> assertFalse(
                        command.getUsageMessage().toLowerCase(Locale.ROOT).contains("exit code"), name));
    }

    @Test
    void helpIsExitCode0AndNamesTheWaysToGiveAToken() {
        assertEquals(0, execute("verify", "--help"));
        assertTrue(
                out.toString().contains("--token-file") && out.toString().contains("TENANT_USER_TOKEN"),
                out.toString());
    }

    private int execute(String... arguments) {
        CommandLine command =
                Tenant.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
