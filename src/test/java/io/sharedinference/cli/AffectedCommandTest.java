package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real git: lists a stack for every change to a file that it depends on. */
class AffectedCommandTest {

    @TempDir
    Path directory;

    private Path repository;

    @BeforeEach
    void start() throws IOException {
        repository = Files.createDirectory(directory.resolve("repository"));
        git("init", "-q", "-b", "main");
        stack("Pulumi.other.yaml", "other", "no-file-of-this-repository.yaml", "oci://registry.example.com/c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "values.yaml",
                "values-münchen.yaml",
                "values-mu\u0308nchen.yaml",
                "two words.yaml",
                "quote\"d.yaml",
                "it's.yaml",
                "back\\slash.yaml",
                "tab\tulator.yaml",
                "two\nlines.yaml",
                "日本/値.yaml",
                " leading and trailing ",
                "-dash.yaml",
                "deep/er/values.yaml"
            })
    void detectsAChangedValuesFile(String name) throws IOException {
        stack("Pulumi.one.yaml", "one", name, "oci://registry.example.com/c");
        write(name, "a: 1");
        commit();
        write(name, "a: 2");
        assertEquals(List.of("one"), affected(repository));
    }

    @Test
    void detectsADeletedOrRenamedValuesFile() throws IOException {
        stack("Pulumi.one.yaml", "one", "values.yaml", "oci://registry.example.com/c");
        write("values.yaml", "a: 1");
        commit();
        Files.move(repository.resolve("values.yaml"), repository.resolve("Values.yaml"));
        assertEquals(List.of("one"), affected(repository));
    }

    @Test
    void ignoresCaseAndUnicodeCompositionOfNames() throws IOException {
        stack("Pulumi.one.yaml", "one", "Values-M\u00fcnchen.yaml", "oci://registry.example.com/c");
        write("values-mu\u0308nchen.yaml", "a: 1");
        commit();
        write("values-mu\u0308nchen.yaml", "a: 2");
        assertEquals(List.of("one"), affected(repository));
    }

    @ParameterizedTest
    @ValueSource(strings = {"link.yaml", "linked/base.yaml", "chain.yaml"})
    void followsSymbolicLinks(String name) throws IOException {
        write("common/base.yaml", "a: 1");
        link("link.yaml", "common/base.yaml");
        link("linked", "common");
        link("chain.yaml", "linked/../link.yaml");
        stack("Pulumi.one.yaml", "one", name, "oci://registry.example.com/c");
        commit();
        write("common/base.yaml", "a: 2");
        assertEquals(List.of("one"), affected(repository));
    }

    @Test
    void detectsAChangedLinkTarget() throws IOException {
        write("one.yaml", "a: 1");
        write("two.yaml", "a: 2");
        link("link.yaml", "one.yaml");
        stack("Pulumi.one.yaml", "one", "link.yaml", "oci://registry.example.com/c");
        commit();
        Files.delete(repository.resolve("link.yaml"));
        link("link.yaml", "two.yaml");
        assertEquals(List.of("one"), affected(repository));
    }

    @Test
    void followsALinkedStackFile() throws IOException {
        stack("stacks/one.yaml", "one", "x.yaml", "oci://registry.example.com/c");
        link("Pulumi.one.yaml", "stacks/one.yaml");
        commit();
        stack("stacks/one.yaml", "one", "y.yaml", "oci://registry.example.com/c");
        assertEquals(List.of("one"), affected(repository));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"chart/templates/x.yaml", "common/templates/_helpers.tpl", "library/templates/_helpers.tpl"})
    void detectsChangesInALocalChartAndItsDependencies(String changed) throws IOException {
        stack("Pulumi.one.yaml", "one", "x.yaml", "chart");
        write("chart/Chart.yaml", "name: c\ndependencies:\n- {name: library, repository: \"file://../library\"}\n");
        write("chart/templates/x.yaml", "a: 1");
        write("library/templates/_helpers.tpl", "a");
        write("common/templates/_helpers.tpl", "a");
        link("chart/templates/common", "../../common/templates");
        commit();
        write(changed, "a: 2");
        assertEquals(List.of("one"), affected(repository));
    }

    @Test
    void detectsAChangedChartArchive() throws IOException {
        stack("Pulumi.one.yaml", "one", "x.yaml", "charts/c-1.0.0.tgz");
        write("charts/c-1.0.0.tgz", "packed");
        commit();
        write("charts/c-1.0.0.tgz", "packed anew");
        assertEquals(List.of("one"), affected(repository));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/inference/Pulumi.one.yaml", "deploy/values.yaml", "deploy/inference/own.yaml"})
    void detectsChangesOfAProjectInASubdirectory(String changed) throws IOException {
        Files.delete(repository.resolve("Pulumi.other.yaml"));
        stack("deploy/inference/Pulumi.one.yaml", "one", "own.yaml, ../values.yaml", "oci://registry.example.com/c");
        write("deploy/inference/own.yaml", "a: 1");
        write("deploy/values.yaml", "a: 1");
        commit();
        write(changed, read(changed) + "# changed\n");
        assertEquals(List.of("one"), affected(repository.resolve("deploy/inference")));
    }

    @Test
    void listsARemovedStackInASubdirectory() throws IOException {
        stack("deploy/Pulumi.one.yaml", "one", "x.yaml", "oci://registry.example.com/c");
        stack("deploy/Pulumi.two.yaml", "two", "x.yaml", "oci://registry.example.com/c");
        commit();
        Files.delete(repository.resolve("deploy/Pulumi.one.yaml"));
        assertEquals(List.of("one"), affected(repository.resolve("deploy")));
    }

    @Test
    void detectsAChangedProgramInASubdirectory() throws IOException {
        stack("deploy/Pulumi.one.yaml", "one", "x.yaml", "oci://registry.example.com/c");
        write("deploy/src/main/Main.java", "class Main {}");
        commit();
        write("deploy/src/main/Main.java", "class Main { }");
        assertEquals(List.of("one"), affected(repository.resolve("deploy")));
    }

    @Test
    void detectsAChangedSubmoduleDespiteIgnoreAll() throws IOException {
        var module = Files.createDirectory(directory.resolve("module"));
        run(module, "git", "init", "-q", "-b", "main");
        Files.writeString(module.resolve("values.yaml"), "a: 1");
        commit(module);
        run(
                repository,
                "git",
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                module.toString(),
                "common");
        git("config", "-f", ".gitmodules", "submodule.common.ignore", "all");
        stack("Pulumi.one.yaml", "one", "common/values.yaml", "oci://registry.example.com/c");
        commit();
        Files.writeString(module.resolve("values.yaml"), "a: 2");
        commit(module);
        run(repository.resolve("common"), "git", "pull", "-q", "origin", "main");
        git("add", "--force", "common");
        assertEquals(List.of("one"), affected(repository));
    }

    @Test
    void detectsAResetBranch() throws IOException {
        stack("Pulumi.one.yaml", "one", "values.yaml", "oci://registry.example.com/c");
        write("values.yaml", "a: 1");
        commit();
        write("values.yaml", "a: 2");
        commit();
        var deployed = git("rev-parse", "HEAD").strip();
        git("reset", "-q", "--hard", "HEAD~1");
        assertEquals(List.of("one"), since(deployed, repository));
    }

    @Test
    void ignoresFilesThatNoStackUses() throws IOException {
        stack("Pulumi.one.yaml", "one", "values.yaml", "oci://registry.example.com/c");
        commit();
        write("README.md", "words");
        write("values.yaml.orig", "a: 1");
        assertEquals(List.of(), affected(repository));
    }

    @Test
    void ignoresGitSettingsOfTheUser() throws IOException {
        git("config", "diff.relative", "true");
        git("config", "core.quotePath", "true");
        git("config", "diff.renames", "copies");
        stack("deploy/Pulumi.one.yaml", "one", "../ü.yaml", "oci://registry.example.com/c");
        write("ü.yaml", "a: 1");
        commit();
        write("ü.yaml", "a: 2");
        assertEquals(List.of("one"), affected(repository.resolve("deploy")));
    }

    private List<String> affected(Path project) {
        git("branch", "--force", "before");
        commit();
        return since("before", project);
    }

    private static List<String> since(String base, Path project) {
        var out = new StringWriter();
        var exit = Tenant.commandLine()
                .setOut(new PrintWriter(out))
                .execute("affected", "--base", base, "--cwd", project.toString());
        assertEquals(0, exit);
        return out.toString().lines().toList();
    }

    private void stack(String file, String tenant, String values, String chart) throws IOException {
        var names = values.contains(", ") ? List.of(values.split(", ")) : List.of(values);
        var quoted = names.stream()
                .map(name -> '"'
                        + name.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("\t", "\\t")
                        + '"')
                .toList();
        write(file, """
                config:
                  shared-inference:role: tenant
                  shared-inference:tenant: %s
                  shared-inference:sharedStack: shared
                  shared-inference:context: c
                  shared-inference:chart: %s
                  shared-inference:domain: example.com
                  shared-inference:proxyImage: registry.example.com/proxy:1
                  shared-inference:valuesFiles: %s
                """.formatted(tenant, chart, quoted));
    }

    private void write(String name, String content) throws IOException {
        var file = repository.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String read(String name) throws IOException {
        return Files.readString(repository.resolve(name));
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(repository.resolve(name), Path.of(target));
    }

    private void commit() {
        commit(repository);
    }

    private static void commit(Path where) {
        run(where, "git", "add", "--all");
        run(
                where,
                "git",
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.com",
                "commit",
                "-q",
                "--allow-empty",
                "-m",
                "x");
    }

    private String git(String... arguments) {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        return run(repository, command.toArray(String[]::new));
    }

    private static String run(Path where, String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(where.toFile())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
