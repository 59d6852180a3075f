package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class TenantTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static Stream<Arguments> misuse() {
        return Stream.of(
                Arguments.of("", "Missing required subcommand"),
                Arguments.of("verify", "Name a tenant, or give --token-folder"),
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

    @Test
    void helpIsExitCode0AndNamesTheWaysToGiveAToken() {
        assertEquals(0, execute("verify", "--help"));
        assertTrue(
                out.toString().contains("--token-file") && out.toString().contains("TENANT_USER_TOKEN"),
                out.toString());
    }

    @Test
    void whatFailedLaterIsShownBehindWhatFailedFirst() {
        var first = new CommandException("the first one");
        first.addSuppressed(new CommandException("the second one"));
        assertEquals("the first one\nThen this failed as well: the second one", Tenant.text(first));
    }

    private int execute(String... arguments) {
        CommandLine command =
                Tenant.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
