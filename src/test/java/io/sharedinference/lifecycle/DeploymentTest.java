package io.sharedinference.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.config.StackFiles;
import io.sharedinference.config.Surroundings;
import io.sharedinference.engine.Engine;
import io.sharedinference.engine.EngineException;
import io.sharedinference.engine.ScriptedPulumi;
import io.sharedinference.engine.ScriptedPulumi.Answer;
import io.sharedinference.verify.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {

    @TempDir
    Path folder;

    @Test
    void whatFailedFirstIsThrownAndWhatFailedInItsRepairGoesWithIt() throws IOException {
        Files.writeString(folder.resolve("Pulumi.shared.yaml"), """
                config:
                  shared-inference:role: shared
                  shared-inference:context: here
                  shared-inference:kubeconfig: no-such-file
                  shared-inference:chart: oci://registry.example.com/pharia
                  shared-inference:domain: shared.example.com
                """);
        var pulumi = new ScriptedPulumi(Map.of(
                "stack export", Answer.of("{\"deployment\": {}}"), "up", new Answer(1, "", "error: the first one")));
        var place = new Place(
                new StackFiles(folder, Engine.PROJECT, "organization"),
                new Surroundings(Map.of(), folder),
                new Engine(pulumi, folder),
                new Access(Optional.empty()),
                false);
        var failure = assertThrows(EngineException.class, () -> new Deployment(place, "shared").up(line -> {}));
        assertTrue(failure.getMessage().contains("error: the first one"), failure.getMessage());
        assertEquals(1, failure.getSuppressed().length);
        assertTrue(
                failure.getSuppressed()[0].getMessage().contains("no-such-file"),
                failure.getSuppressed()[0].getMessage());
    }
}
