package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddCommandTest {

    @Test
    void printsTheUrlAndTheVerifyCommand() {
        var lines = AddCommand.added("blue", URI.create("https://inference-api.blue.test"))
                .lines()
                .toList();
        assertTrue(lines.get(0).endsWith("https://inference-api.blue.test"), lines.toString());
        var command = lines.get(lines.size() - 1).strip();
        assertTrue(command.startsWith("./tenant verify blue "), command);
        assertDoesNotThrow(() -> Tenant.commandLine()
                .parseArgs(command.replaceFirst("./tenant ", "").split(" ")));
    }

    @Test
    void namesEachSecretThatWasNotCopiedWithTheCommandToSetIt() {
        assertEquals("", AddCommand.missingSecrets("blue", List.of()));
        var lines = AddCommand.missingSecrets("blue", List.of("values.smtp.password", "values.key"))
                .strip()
                .lines()
                .toList();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(
                lines.get(0).contains("pulumi config set --secret --path 'values.smtp.password' -s blue"),
                lines.get(0));
        assertTrue(lines.get(1).startsWith("Secret not copied: values.key."), lines.get(1));
    }
}
