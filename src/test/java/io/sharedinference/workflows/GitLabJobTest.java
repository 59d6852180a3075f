package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Runs the documented deploy job for GitLab with stand-ins for the programs that it calls. */
class GitLabJobTest {

    @TempDir
    Path directory;

    @Test
    void deploysSharedStacksThenTenantsAndNoRemovedOnes() throws IOException, InterruptedException {
        assertEquals(0, deploy("""
                {"all": ["shared", "one", "two", "gone"], "shared": ["shared"], "tenants": ["one", "two"], "removed": ["gone"]}""", "true"));
        assertEquals(List.of("shared", "one", "two"), deployed());
    }

    @Test
    void deploysNothingWhenNothingIsAffected() throws IOException, InterruptedException {
        assertEquals(0, deploy("""
                {"all": [], "shared": [], "tenants": [], "removed": []}""", "true"));
        assertEquals(List.of(), deployed());
    }

    @Test
    void endsAtTheFirstFailure() throws IOException, InterruptedException {
        assertEquals(1, deploy("""
                {"all": ["shared", "one"], "shared": ["shared"], "tenants": ["one"], "removed": []}""", "false"));
        assertEquals(List.of("shared"), deployed());
    }

    private List<String> deployed() throws IOException {
        var log = directory.resolve("log");
        return Files.exists(log)
                ? Files.readAllLines(log).stream()
                        .filter(line -> line.startsWith("up "))
                        .map(line -> line.replaceFirst(".*--stack ", ""))
                        .toList()
                : List.of();
    }

    private int deploy(String affected, String up) throws IOException, InterruptedException {
        Tool.linter("jq");
        program("tenant", "cat <<'JSON'\n" + affected + "\nJSON");
        program("pulumi", "echo \"$@\" >>log; case $1 in up) " + up + " ;; esac");
        var environment = Map.of("PATH", directory + ":" + System.getenv("PATH"), "CI_COMMIT_BEFORE_SHA", "0");
        var command = List.of("bash", "-c", "set -eo pipefail\n" + script());
        return WorkflowStep.run(directory, environment, command).exitCode();
    }

    private void program(String name, String script) throws IOException {
        var file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n", StandardCharsets.UTF_8);
        file.toFile().setExecutable(true);
    }

    private static String script() throws IOException {
        var yaml = Pattern.compile("## GitLab\n\n```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs", "pull-requests.md")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        Map<String, Map<String, List<String>>> jobs = new Yaml().load(yaml);
        return String.join("\n", jobs.get("deploy").get("script"));
    }
}
