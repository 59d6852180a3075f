package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackFilesTest {

    @TempDir
    Path directory;

    @Test
    void readsFileAsEngineDoes() throws IOException {
        write("a", """
                encryptionsalt: v1:abc
                config:
                  p:text: one
                  p:number: 5
                  p:flag: true
                  p:list: [a, b]
                  p:object: {a: {b: 1}}
                  p:password: {secure: AAAA}
                  p:values: {deep: [{secure: BBBB}, plain]}
                  short: two
                """);
        assertEquals(
                new Settings(
                        new StackName("org", "p", "a"),
                        Map.of(
                                "p:text", "one",
                                "p:number", "5",
                                "p:flag", "true",
                                "p:list", "[\"a\",\"b\"]",
                                "p:object", "{\"a\":{\"b\":1}}",
                                "p:password", "[secret]",
                                "p:values", "{\"deep\":[\"[secret]\",\"plain\"]}",
                                "p:short", "two"),
                        Set.of("p:password", "p:values")),
                read("a", new Problems()).orElseThrow());
    }

    @Test
    void projectValuesOfOtherRolesDoNotApply() throws IOException {
        Files.writeString(directory.resolve("Pulumi.yaml"), """
                name: p
                config:
                  p:context: {value: gpu}
                  p:sharedStack: {value: shared}
                  tenants: {value: [a]}
                """);
        write("shared", "config: {p:role: shared}");
        write("a", "config: {p:role: tenant, p:tenants: [mine]}");
        write("b", "config: {}");
        assertEquals(Map.of("p:role", "shared", "p:context", "gpu", "p:tenants", "[\"a\"]"), values("shared"));
        assertEquals(
                Map.of("p:role", "tenant", "p:context", "gpu", "p:sharedStack", "shared", "p:tenants", "[\"mine\"]"),
                values("a"));
        assertEquals(3, values("b").size());
    }

    private Map<String, String> values(String stack) {
        return read(stack, new Problems()).orElseThrow().values();
    }

    /** More of the kind, and against the engine itself: StackFileIT. */
    @Test
    void readsYamlDialectOfEngine() throws IOException {
        write("a", """
                config:
                  p:tenant: no
                  p:protect: yes
                  p:version: 1.10
                  p:large: 1e21
                  p:values: {window: 22:30, since: 2024-05-01, mode: 0o644, flag: off, 1: one}
                """);
        assertEquals(
                Map.of(
                        "p:tenant",
                        "no",
                        "p:protect",
                        "yes",
                        "p:version",
                        "1.1",
                        "p:large",
                        "1e+21",
                        "p:values",
                        "{\"window\":\"22:30\",\"since\":\"2024-05-01 00:00:00 +0000 UTC\",\"mode\":420,\"flag\":\"off\",\"1\":\"one\"}"),
                read("a", new Problems()).orElseThrow().values());
    }

    @Test
    void reportsDuplicateKey() throws IOException {
        write("a", "config:\n  p:tenant: a\n  p:tenant: b\n");
        var problems = new Problems();
        assertEquals(Optional.empty(), read("a", problems));
        assertTrue(
                problems.all().get(0).rule().contains("p:tenant is already defined"),
                problems.all().toString());
    }

    /** Issue 12. */
    @Test
    void mergesProjectConfigurationAsEngineDoes() throws IOException {
        Files.writeString(directory.resolve("Pulumi.yaml"), """
                name: p
                config:
                  context: {type: string, default: from-project}
                  chart: {default: both, value: less}
                  tenants: {type: array, default: [a, b]}
                  short: 5
                  q:other: {value: x}
                  required: {type: string}
                """);
        write("a", "config: {p:context: own}");
        assertEquals(
                Map.of(
                        "p:context", "own",
                        "p:chart", "both",
                        "p:tenants", "[\"a\",\"b\"]",
                        "p:short", "5",
                        "q:other", "x"),
                read("a", new Problems()).orElseThrow().values());
    }

    @Test
    void reportsAnInvalidProjectFileByItsName() throws IOException {
        Files.writeString(directory.resolve("Pulumi.yaml"), "name: p\nconfig: [\n");
        write("a", "config: {p:context: own}");
        var problems = new Problems();
        assertEquals(Optional.empty(), read("a", problems));
        assertEquals(
                directory.resolve("Pulumi.yaml").toString(),
                problems.all().get(0).subject());
        assertEquals(
                Map.of("p:context", "own"),
                new StackFiles(directory, new StackName("org", "p", ""))
                        .readOwn("a", new Problems())
                        .orElseThrow()
                        .values());
    }

    @Test
    void reportsAFileThatIsNotUtf8() throws IOException {
        Files.write(directory.resolve("Pulumi.a.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
        var problems = new Problems();
        read("a", problems);
        assertEquals("cannot be read: it is not UTF-8", problems.all().get(0).rule());
    }

    @Test
    void reportsValuesOfEscEnvironmentsAsUnknown() throws IOException {
        write("a", "environment: [team/blue]\nconfig: {p:role: tenant}");
        var problems = new Problems();
        StackConfig.parse(read("a", problems).orElseThrow(), problems);
        var context = problems.all().stream()
                .filter(problem -> problem.subject().equals("p:context"))
                .findFirst()
                .orElseThrow();
        assertTrue(context.unknown() && context.rule().contains("team/blue"), context.toString());
    }

    @Test
    void derivesStackNamesFromFileNames() throws IOException {
        write("b.c", "");
        write("a", "");
        Files.writeString(directory.resolve("Pulumi.yaml"), "");
        assertEquals(List.of("a", "b.c"), new StackFiles(directory, new StackName("org", "p", "")).stacks());
        assertEquals(Map.of(), read("a", new Problems()).orElseThrow().values());
    }

    @Test
    void reportsInvalidYamlWithFileName() throws IOException {
        write("a", "config: [");
        var problems = new Problems();
        assertEquals(Optional.empty(), read("a", problems));
        assertTrue(problems.all().get(0).subject().endsWith("Pulumi.a.yaml"));
    }

    @Test
    void readsTenantsOfInvalidFiles() throws IOException {
        write("blue-handover", """
                config:
                  p:role: handover
                  p:tenant: blue
                  p:no-such-key: 1
                """);
        write("shared", """
                config:
                  p:role: shared
                  p:tenants: [blue, 123]
                """);
        write("broken", "config: [");
        var files = new StackFiles(directory, new StackName("org", "p", ""));
        assertEquals(Map.of("blue-handover", "blue"), files.handoverTenants());
        assertEquals(List.of("blue", "123"), files.tenantsOf("shared"));
        assertEquals(List.of(), files.tenantsOf("broken"));
        assertTrue(files.problems("blue-handover").size() > 0);
    }

    private Optional<Settings> read(String stack, Problems problems) {
        return new StackFiles(directory, new StackName("org", "p", "")).read(stack, problems);
    }

    private void write(String stack, String content) throws IOException {
        Files.writeString(directory.resolve("Pulumi." + stack + ".yaml"), content);
    }
}
