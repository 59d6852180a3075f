package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Since JDK 25 {@code CompletableFuture} always runs on the common pool, which has one worker on two cores; Pulumi's SDK blocks it
 * and waits for ever unless the pool is made larger.
 */
@ExtendWith(SandboxExtension.class)
class TwoCoresIT {

    @ParameterizedTest
    @ValueSource(strings = {"use-executor: ./.mvn/run", "use-executor: ./mvnw"})
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void previewEndsOnAJdk25WithTwoCores(String option, Sandbox sandbox, @TempDir Path folder) throws IOException {
        var project = new Project(sandbox, folder.resolve("project"));
        var file = project.folder().resolve("Pulumi.yaml");
        Files.writeString(file, Files.readString(file).replaceAll("use-executor: .*", option));
        project.configure("shared", sandbox.config("shared"));
        var jdk25 = sandbox.run("bash", "-c", "ls -d /usr/lib/jvm/*25*/bin | head -1")
                .succeeded()
                .strip();
        var previewed = Outcome.of(
                project.folder(),
                twoCores(sandbox, project, jdk25),
                "pulumi",
                "preview",
                "--non-interactive",
                "--stack",
                "shared");
        assertTrue(previewed.succeeded().contains("Resources"), previewed.output());
    }

    private static Map<String, String> twoCores(Sandbox sandbox, Project project, String jdk25) {
        return sandbox.with(Map.of(
                        "PULUMI_BACKEND_URL",
                        "file://" + project.folder().resolve("backend"),
                        "PATH",
                        jdk25 + ":" + sandbox.environment().get("PATH"),
                        "JAVA_HOME",
                        Path.of(jdk25).getParent().toString(),
                        "JDK_JAVA_OPTIONS",
                        "-XX:ActiveProcessorCount=2"))
                .environment();
    }
}
