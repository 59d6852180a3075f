package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.FakePulumi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoveCommandTest {

    private static final KnownNames IN_FILES =
            new KnownNames(List.of("shared", "tenant1", "listed"), "there is no tenant %s");

    @ParameterizedTest
    @ValueSource(strings = {"tenant1", "listed", "left"})
    void acceptsNamesFromFilesAndBackend(String name) {
        assertDoesNotThrow(() -> RemoveCommand.requireKnown(name, IN_FILES, engine()));
    }

    @Test
    void suggestsSimilarNamesForAnUnknownTenant() {
        var refused =
                assertThrows(CommandException.class, () -> RemoveCommand.requireKnown("tenat1", IN_FILES, engine()));
        assertTrue(refused.getMessage().contains("did you mean tenant1?"), refused.getMessage());
    }

    private static Engine engine() {
        return new Engine(
                FakePulumi.answering(Map.of("stack ls --json", "[{\"name\": \"organization/shared-inference/left\"}]")),
                Path.of(""));
    }
}
