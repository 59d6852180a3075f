package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
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
}
