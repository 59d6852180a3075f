package io.sharedinference.workflows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The script of one step of a workflow, run as GitHub's runner does without {@code shell}: bash -e, no pipefail. */
record WorkflowStep(String script) {

    /** @param text a part of the script that no other step of the job contains */
    static WorkflowStep of(String workflow, String job, String text) throws IOException {
        Map<String, Map<String, Map<String, List<Map<String, Object>>>>> content =
                new Yaml().load(Files.readString(Path.of(".github", "workflows", workflow + ".yml")));
        var scripts = content.get("jobs").get(job).get("steps").stream()
                .map(step -> (String) step.getOrDefault("run", ""))
                .filter(script -> script.contains(text))
                .toList();
        if (scripts.size() != 1) {
            throw new IllegalArgumentException(scripts.size() + " steps of " + job + " contain " + text);
        }
        return new WorkflowStep(scripts.get(0));
    }

    Result run(Path directory, Map<String, String> environment) throws IOException, InterruptedException {
        return run(directory, environment, List.of("bash", "-e", "-c", script));
    }

    /** Git without the settings of this machine. */
    static Result run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output.strip());
    }

    record Result(int exitCode, String output) {}
}
