package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.project.StackFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AffectedStacksTest {

    @TempDir
    Path checkout;

    @BeforeEach
    void stackFiles() throws IOException {
        stack("shared", """
                  role: shared
                  tenants: [a, b]
                  valuesFiles: [values/shared.yaml]
                """);
        stack("a", tenant("a"));
        stack("b", tenant("b") + "  valuesFiles: [values/b.yaml]\n");
        stack("broken", "  role: tenant\n");
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, '', broken",
        "Pulumi.a.yaml, '', a broken",
        "Pulumi.shared.yaml, shared, a b broken",
        "values/shared.yaml, shared, a b broken",
        "values/b.yaml, '', b broken",
        "chart/templates/x.yaml, shared, a b broken",
        "Pulumi.broken.yaml, '', broken",
        "src/main/java/Main.java, shared, a b broken",
        "proxy/pom.xml, shared, a b broken",
        "pom.xml, shared, a b broken"
    })
    void changedFileAffectsStacks(String file, String shared, String tenants) {
        assertEquals(new AffectedStacks(words(shared), words(tenants), List.of()), affected(file));
    }

    @Test
    void nothingIsAffectedWithoutChange() {
        assertEquals(new AffectedStacks(List.of(), List.of(), List.of()), affected());
    }

    @Test
    void fileNameThatIsNotUtf8AffectsAll() {
        assertEquals(
                new AffectedStacks(List.of("shared"), List.of("a", "b", "broken"), List.of()), affected("\ufffd.yaml"));
    }

    @Test
    void stackWithDeletedFileIsRemoved() throws IOException {
        Files.delete(checkout.resolve("Pulumi.b.yaml"));
        assertEquals(new AffectedStacks(List.of(), List.of("broken"), List.of("b")), affected("Pulumi.b.yaml"));
    }

    private AffectedStacks affected(String... files) {
        var stacks = StackFiles.in(checkout);
        return AffectedStacks.of(
                ChangedFiles.in(checkout, List.of(files)), stacks.stacks(), stacks.validConfigs(), checkout, checkout);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    private static String tenant(String name) {
        return """
                  role: tenant
                  tenant: %s
                  sharedStack: shared
                  proxyImage: registry.example/proxy:1
                """.formatted(name);
    }

    private void stack(String name, String config) throws IOException {
        var common = "  context: c\n  chart: chart\n  domain: example.com\n  kubernetesPluginVersion: 4.25.0\n";
        Files.writeString(
                checkout.resolve("Pulumi." + name + ".yaml"),
                "config:\n"
                        + (config + (name.equals("broken") ? "" : common))
                                .replaceAll("(?m)^  ", "  shared-inference:"));
    }
}
