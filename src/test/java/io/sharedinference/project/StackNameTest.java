package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackNameTest {

    private static final StackName OWN = new StackName("acme", "gpus", "tenant1");

    @ParameterizedTest
    @CsvSource({"shared, acme/gpus/shared", "other/shared, other/gpus/shared", "other/cpus/shared, other/cpus/shared"})
    void resolvesShortNamesInItsProject(String name, String full) {
        assertEquals(full, OWN.resolve(name).toString());
    }

    @Test
    void comparesOrganizationAndProject() {
        assertTrue(OWN.resolve("shared").sameProject(OWN));
        assertFalse(OWN.resolve("acme/cpus/shared").sameProject(OWN));
        assertFalse(OWN.resolve("other/gpus/shared").sameProject(OWN));
    }

    @Test
    void readsTheNameOfARenamedProject(@TempDir Path directory) throws IOException {
        assertEquals(
                "organization/shared-inference/a",
                StackFiles.in(directory).name("a").toString());
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: gpus\n");
        assertEquals("organization/gpus/a", StackFiles.in(directory).name("a").toString());
    }
}
