package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.workflows.WorkflowStep.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Runs the steps of the release workflow that need neither GitHub nor a registry. */
class ReleaseWorkflowTest {

    private static final Path WORKFLOW = Path.of(".github/workflows/release.yml");

    @TempDir
    private Path directory;

    private Path checkout;

    @BeforeEach
    void commitProjectWithVersion() throws Exception {
        checkout = Files.createDirectory(directory.resolve("checkout"));
        write("pom.xml", "<project>\n  <version>1.2.0</version>\n</project>\n");
        write("proxy/pom.xml", "<project>\n  <version>1.2.0</version>\n</project>\n");
        write("CHANGELOG.md", """
                # Changelog

                ## [Unreleased]

                ## [1.2.0] - 2026-12-01

                ### Added
                - Something new.

                ## [1.1.0] - 2026-11-01

                ### Added
                - Something old.
                """);
        write("src/main/java/Main.java", "class Main {}");
        write("mvnw", """
                #!/bin/sh
                mkdir -p target/lib target/classes
                echo jar >target/shared-inference.jar
                echo library >target/lib/library.jar
                """);
        assertTrue(checkout.resolve("mvnw").toFile().setExecutable(true));
        for (String command :
                List.of("init -q", "add .", "-c user.name=a -c user.email=a@example.com commit -qm one")) {
            assertEquals(0, bash("git " + command, Map.of()).exitCode());
        }
    }

    @Test
    void versionOfTagIsThatOfPomsAndChangelog() throws Exception {
        assertEquals(new Result(0, ""), step("version", "v1.2.0"));
    }

    @Test
    void versionStepFailsForTagOfAnotherVersion() throws Exception {
        Result result = step("version", "v1.3.0");
        assertEquals(1, result.exitCode());
        assertTrue(
                result.output().startsWith("pom.xml does not have the version of the tag v1.3.0. Fix: "),
                result.output());
    }

    @Test
    void versionStepFailsWithoutSectionInChangelog() throws Exception {
        write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
        Result result = step("version", "v1.2.0");
        assertEquals(1, result.exitCode());
        assertTrue(result.output().startsWith("CHANGELOG.md has no section [1.2.0]. Fix: "), result.output());
    }

    @Test
    void notesAreTheVersionsSectionAndTheImage() throws Exception {
        assertEquals(new Result(0, ""), step("notes", "v1.2.0"));
        assertEquals("""

                ### Added
                - Something new.


                ### Proxy image

                    shared-inference:proxyImage: registry.example.com/proxy@sha256:ab
                """, Files.readString(checkout.resolve("notes.md")));
    }

    @Test
    void archiveContainsTheCommitAndTheJarThatNeedsNoBuild() throws Exception {
        write("untracked", "not in the commit");
        assertEquals(new Result(0, ""), step("archive", "v1.2.0"));

        Result listing =
                bash("sha256sum --check --quiet *.sha256 && tar -xzf shared-inference-1.2.0.tar.gz -C ..", Map.of());
        assertEquals(new Result(0, ""), listing);
        Path unpacked = directory.resolve("shared-inference-1.2.0");
        try (Stream<Path> files = Files.walk(unpacked)) {
            assertEquals(
                    List.of(
                            "CHANGELOG.md",
                            "mvnw",
                            "pom.xml",
                            "proxy/pom.xml",
                            "src/main/java/Main.java",
                            "target/lib/library.jar",
                            "target/shared-inference.jar"),
                    files.filter(Files::isRegularFile)
                            .map(file -> unpacked.relativize(file).toString())
                            .sorted()
                            .toList());
        }
        // .mvn/run rebuilds if a source is newer than the jar
        String newer =
                "find ../shared-inference-1.2.0 -newer ../shared-inference-1.2.0/target/shared-inference.jar -name '*.java'";
        assertEquals(new Result(0, ""), bash(newer, Map.of()));
    }

    @Test
    void everyJobStartsAfterTheTests() throws IOException {
        Map<String, Map<String, Object>> jobs = new Yaml()
                .<Map<String, Map<String, Map<String, Object>>>>load(Files.readString(WORKFLOW))
                .get("jobs");
        assertEquals("version", jobs.get("verify").get("needs"));
        assertEquals("verify", jobs.get("image").get("needs"));
        assertEquals("image", jobs.get("release").get("needs"));
        assertNotEquals(null, jobs.get("verify").get("uses"));
    }

    private Result step(String id, String tag) throws Exception {
        return bash(script(id), Map.of("GITHUB_REF_NAME", tag, "IMAGE", "registry.example.com/proxy@sha256:ab"));
    }

    private static String script(String id) throws IOException {
        Map<String, Map<String, Map<String, Object>>> workflow = new Yaml().load(Files.readString(WORKFLOW));
        return workflow.get("jobs").values().stream()
                .flatMap(job -> job.get("steps") instanceof List<?> steps ? steps.stream() : Stream.of())
                .map(step -> (Map<?, ?>) step)
                .filter(step -> id.equals(step.get("id")))
                .map(step -> String.valueOf(step.get("run")))
                .findFirst()
                .orElseThrow();
    }

    /** With the options of GitHub's runners. */
    private Result bash(String script, Map<String, String> environment) throws Exception {
        return WorkflowStep.run(
                checkout, environment, List.of("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script));
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), content);
    }
}
