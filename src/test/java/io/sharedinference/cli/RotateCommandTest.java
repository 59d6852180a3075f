package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotateCommandTest {

    @Test
    void rotatingByAgePrintsOneObjectWithEveryFailure(@TempDir Path directory) throws Exception {
        var process = RealProcess.in(directory, "exit 1\n");
        Files.writeString(process.project().resolve("Pulumi.broken.yaml"), "config: [");
        var command = new ArrayList<>(RealProcess.tenant());
        command.addAll(List.of("rotate", "--older-than", "90d", "--yes", "--json"));
        var output = directory.resolve("output");
        var rotation = process.builder(command)
                .redirectErrorStream(false)
                .redirectError(Redirect.DISCARD)
                .redirectOutput(output.toFile())
                .start();
        assertEquals(2, rotation.waitFor());
        var json = new ObjectMapper().readTree(output.toFile());
        assertFalse(json.path("done").asBoolean(true), json.toString());
        var error = json.path("error").asText();
        assertTrue(error.startsWith("0 of 0 tokens older than 90 days were rotated.\n"), error);
        assertTrue(error.contains("\nbroken: its file is not valid.\nFix: ./tenant check broken\n"), error);
        assertTrue(error.contains("\ntenant1: "), error);
    }
}
