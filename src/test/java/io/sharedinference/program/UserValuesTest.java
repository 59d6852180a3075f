package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserValuesTest {

    @TempDir
    Path checkout;

    private final Problems problems = new Problems();
    private final Map<String, String> keys = ConfigFixtures.shared();

    @Test
    void mergesFilesInOrderThenInlineValues() throws IOException {
        Files.writeString(checkout.resolve("one.yaml"), "a: 1\nb: 1\nc: 1\n");
        Files.writeString(checkout.resolve("two.yaml"), "b: 2\nc: 2\n");
        assertEquals(
                Map.of("a", 1, "b", 2, "c", 3),
                read("[\"one.yaml\",\"two.yaml\"]", "{\"c\":3}").merged().tree());
        assertEquals(List.of(), problems.all());
    }

    @Test
    void reportsEveryUnreadableFile() throws IOException {
        Files.writeString(checkout.resolve("broken.yaml"), "a: 1\nb: [\n");
        read("[\"missing.yaml\",\"broken.yaml\"]", "{}");
        var found = problems.all().toString();
        assertEquals(2, problems.all().size());
        assertTrue(found.contains(checkout.resolve("missing.yaml").toString()), found);
        assertTrue(found.contains("broken.yaml") && found.contains("line 3"), found);
    }

    /** The plugin loses them before 4.30, and the chart's defaults return. */
    @Test
    void rejectsNullsUnlessProviderPassesThem() throws IOException {
        Files.writeString(checkout.resolve("one.yaml"), "a: {b: , c: []}\nd: null\n");
        Files.writeString(checkout.resolve("two.yaml"), "d: 1\n");
        read("[\"one.yaml\",\"two.yaml\"]", "{\"e\":null}");
        assertEquals(
                List.of("one.yaml: a.b", "shared-inference:values: e"),
                problems.all().stream().map(Problem::subject).toList());
        keys.put("kubernetesPluginVersion", "4.30.0");
        var passing = new Problems();
        UserValues.read(ConfigFixtures.sharedConfig(keys).installation(), checkout, passing);
        assertEquals(List.of(), passing.all());
    }

    private UserValues read(String files, String inline) {
        keys.put("valuesFiles", files);
        keys.put("values", inline);
        return UserValues.read(ConfigFixtures.sharedConfig(keys).installation(), checkout, problems);
    }
}
