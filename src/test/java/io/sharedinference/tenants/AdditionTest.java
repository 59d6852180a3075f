package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.pulumi.FakePulumi;
import io.sharedinference.pulumi.RealPulumi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the files of a tenant that is added, and of one that cannot be. */
class AdditionTest {

    private static final String SHARED = """
            # ours
            config:
              shared-inference:role: shared
              shared-inference:context: here
              shared-inference:chart: oci://registry.example.com/pharia
              shared-inference:domain: shared.example.com
              shared-inference:tenants:
                - blue
            """;
    private static final String BLUE = """
            config:
              shared-inference:role: tenant
              shared-inference:tenant: blue
              shared-inference:sharedStack: shared
              shared-inference:context: here
              shared-inference:chart: oci://registry.example.com/pharia
              shared-inference:domain: blue.example.com
              shared-inference:proxyImageRepository: registry.example.com/proxy
            """;

    @TempDir
    Path directory;

    private Project project;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: shared-inference\nruntime: java\n");
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), SHARED);
        Files.writeString(directory.resolve("Pulumi.blue.yaml"), BLUE);
        project = TestProject.in(directory, FakePulumi.scripted(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            123                       | must contain only lowercase letters
            1e3                       | must contain only lowercase letters
            Green                     | must contain only lowercase letters
            green_1                   | must contain only lowercase letters
            green-                    | must contain only lowercase letters
            ../green                  | must contain only lowercase letters
            ''                        | must contain only lowercase letters
            true                      | must not be a YAML boolean
            off                       | must not be a YAML boolean
            n                         | must not be a YAML boolean
            default                   | the name of a system namespace
            kube-system               | the name of a system namespace
            kube-green                | the name of a system namespace
            handover-blue             | must not start with handover-
            pharia-ai-shared          | namespace is already used
            blue-2                    | a future service user of the tenant blue
            shared                    | is not a tenant
            a123456789b123456789c123456789d123456789e123456789f123456 | but has 57
            """)
    void rejectsInvalidNamesWithoutWriting(String name, String rule) {
        var before = files();
        var message = assertThrows(RuntimeException.class, () -> add(name)).getMessage();
        assertTrue(message.contains(rule), message);
        assertEquals(before, files());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "green",
                "green-1",
                "blue2",
                "nothing",
                "handover",
                "kube",
                "a123456789b123456789c123456789d123456789e123456789f12345"
            })
    void acceptsOtherNamesAndTheirRotation(String name) {
        add(name);
        var users = new TenantServiceUsers(project, "shared", name);
        users.addTenant();
        users.set(List.of(name, name + "-999999"));
        assertEquals(List.of(), project.files().problems("shared"));
    }

    @Test
    void rejectsNamesReservedForLaterServiceUsers() {
        add("red-2");
        new TenantServiceUsers(project, "shared", "red-2").addTenant();
        var message = assertThrows(RuntimeException.class, () -> add("red")).getMessage();
        assertTrue(message.contains("a future service user of the tenant red"), message);
    }

    @Test
    void reportsAnInvalidSharedStackBeforeWriting() throws IOException {
        Files.writeString(
                directory.resolve("Pulumi.shared.yaml"), SHARED + "  shared-inference:valuesFiles: [gone.yaml]\n");
        var before = files();
        var message = assertThrows(RuntimeException.class, () -> add("green")).getMessage();
        assertTrue(message.contains("stack 'shared'") && message.contains("gone.yaml"), message);
        assertEquals(before, files());
    }

    @Test
    void rejectsEditsThatInvalidateTheSharedStack() {
        var before = files();
        assertThrows(
                RuntimeException.class,
                () -> new TenantServiceUsers(project, "shared", "blue").set(List.of("blue", "green-2")));
        assertThrows(RuntimeException.class, () -> new TenantServiceUsers(project, "shared", "blue-2").addTenant());
        assertEquals(before, files());
    }

    @Test
    void rejectsAConcurrentCommandOnTheSameStack() {
        project.exclusively("green", () -> {
            var message = assertThrows(
                            LifecycleException.class, () -> addition("green").run((title, work) -> {}, false))
                    .getMessage();
            assertTrue(message.contains("stack green was not changed: another command"), message);
            return "";
        });
        assertFalse(project.hasFile("green"));
        assertEquals("again", project.exclusively("green", () -> "again"));
    }

    /** As they were left by additions that wrote first and checked afterwards. */
    @ParameterizedTest
    @CsvSource({"blue-2, blue-2", "Green_1, Green_1"})
    void removesWhatAnInterruptedAdditionLeft(String name, String listed, @TempDir Path backend) throws IOException {
        var before = files();
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), SHARED + "    - " + listed + "\n");
        Files.writeString(
                directory.resolve("Pulumi." + name + ".yaml"), BLUE.replace("tenant: blue", "tenant: " + name));
        var steps = new ArrayList<String>();
        new Removal(TestProject.in(directory, RealPulumi.with(backend)), name, "shared").run((title, work) -> {
            work.run(line -> {});
            steps.add(title);
        });
        assertEquals(before, files());
        assertEquals(2, steps.size(), steps.toString());
    }

    @ParameterizedTest
    @CsvSource({"123", "true"})
    void removesAnUnquotedListItem(String item) throws IOException {
        Files.writeString(directory.resolve("Pulumi.shared.yaml"), SHARED + "    - " + item + "\n");
        new TenantServiceUsers(project, "shared", item).removeTenant();
        assertEquals(SHARED, files().get("Pulumi.shared.yaml"));
    }

    @Test
    void encryptsASecretWithoutPassingItAsArgument(@TempDir Path backend) {
        var real = TestProject.in(directory, RealPulumi.with(backend));
        add("green");
        real.init("green", Optional.empty());
        real.encrypt("green", new SecretSetting("values.smtp[\"pass.word\"]", "hunter2\nand more"));
        var written = files().get("Pulumi.green.yaml");
        assertTrue(written.matches("(?s).*values:\\s+smtp:\\s+pass.word:\\s+secure: v1:.*"), written);
        assertFalse(written.contains("hunter2"), written);
        assertEquals(
                "{\"smtp\":{\"pass.word\":\"hunter2\\nand more\"}}",
                real.engine()
                        .configWithSecrets("green")
                        .at("/shared-inference:values/value")
                        .asText());
    }

    private Addition addition(String name) {
        return new Addition(
                project,
                new NewTenant(name, "blue", Optional.empty(), false, Map.of(), List.of()),
                Optional.empty(),
                stack -> true);
    }

    private void add(String name) {
        addition(name).write((title, work) -> work.run(line -> {}));
    }

    private Map<String, String> files() {
        try (var files = Files.list(directory)) {
            return files.collect(Collectors.toMap(
                    file -> file.getFileName().toString(), AdditionTest::content, (one, other) -> one, TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
