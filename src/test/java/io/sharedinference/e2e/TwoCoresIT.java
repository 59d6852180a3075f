package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Since JDK 25, {@code CompletableFuture} always runs on the common pool, which has one worker on two cores. Pulumi's SDK blocks
 * that worker and deadlocks unless the pool is larger.
 */
@ExtendWith(SandboxExtension.class)
class TwoCoresIT {

    @ParameterizedTest
    @ValueSource(strings = {"use-executor: ./.mvn/run", "use-executor: ./mvnw"})
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void previewFinishesOnJdk25WithTwoCores(String option, Sandbox sandbox, @TempDir Path directory)
            throws IOException {
        var project = new Project(sandbox, directory.resolve("project"));
        var file = project.directory().resolve("Pulumi.yaml");
        Files.writeString(file, Files.readString(file).replaceAll("use-executor: .*", option));
        project.configure("shared", sandbox.config("shared"));
        var twoCores = sandbox.with(onTwoCores(project.sandbox()));
        var previewed = twoCores.run(
                "pulumi", "--cwd", project.directory().toString(), "preview", "--non-interactive", "--stack", "shared");
        assertTrue(previewed.succeeded().contains("Resources"), previewed.output());
    }

    private static Map<String, String> onTwoCores(Sandbox sandbox) {
        var environment = new HashMap<>(sandbox.environment());
        var jdk25 = sandbox.run("bash", "-c", "source sandbox/lib/preconditions.sh && jdk_25")
                .succeeded();
        environment.put("PATH", jdk25 + "/bin:" + environment.get("PATH"));
        environment.put("JAVA_HOME", jdk25);
        environment.put("JDK_JAVA_OPTIONS", "-XX:ActiveProcessorCount=2");
        return environment;
    }
}
