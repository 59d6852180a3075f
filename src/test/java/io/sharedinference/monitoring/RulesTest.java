package io.sharedinference.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Checks the rules for Prometheus, and runs their unit tests, with promtool. */
class RulesTest {

    private static final Path DIRECTORY = Path.of("deploy/monitoring");
    private static final Path RULES = DIRECTORY.resolve("rules.yaml");

    @Test
    void promtoolAcceptsTheRules() throws IOException, InterruptedException {
        promtool("check", List.of(RULES));
    }

    @Test
    void unitTestsOfTheRulesPass() throws IOException, InterruptedException {
        promtool("test", unitTests());
    }

    @Test
    void eachAlertHasATestThatFiresAndOneThatDoesNot() throws IOException {
        var seen = new HashMap<String, Set<Boolean>>();
        for (var file : unitTests()) {
            maps(yaml(file), "tests")
                    .flatMap(test -> maps(test, "alert_rule_test"))
                    .forEach(test -> seen.computeIfAbsent((String) test.get("alertname"), name -> new HashSet<>())
                            .add(maps(test, "exp_alerts").findAny().isPresent()));
        }
        var expected = alerts().collect(Collectors.toMap(alert -> alert.get("alert"), alert -> Set.of(true, false)));
        assertEquals(expected, seen);
    }

    @Test
    void eachAlertHasASeverityAndAnExistingRunbook() throws IOException {
        var sections = Files.readString(Path.of("docs/operating.md"))
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line ->
                        "docs/operating.md#" + line.substring(4).toLowerCase().replace(' ', '-'))
                .collect(Collectors.toSet());
        alerts().forEach(alert -> {
            var annotations = (Map<?, ?>) alert.get("annotations");
            assertEquals(Set.of("summary", "description", "runbook"), annotations.keySet(), alert.toString());
            assertTrue(sections.contains(annotations.get("runbook")), annotations.toString());
            var severity = ((Map<?, ?>) alert.get("labels")).get("severity");
            assertTrue(Set.of("critical", "warning").contains(severity), alert.toString());
        });
    }

    private static void promtool(String command, List<Path> files) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of(Tool.linter("promtool").toString(), command, "rules"));
        files.forEach(file -> arguments.add(file.toString()));
        var promtool = new ProcessBuilder(arguments).redirectErrorStream(true).start();
        var output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, promtool.waitFor(), output);
    }

    private static List<Path> unitTests() throws IOException {
        try (var files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith("_test.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<Map<?, ?>> alerts() throws IOException {
        return maps(yaml(RULES), "groups")
                .flatMap(group -> maps(group, "rules"))
                .filter(rule -> rule.containsKey("alert"));
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        return new Yaml().load(Files.readString(file));
    }

    private static Stream<Map<?, ?>> maps(Map<?, ?> parent, String key) {
        return ((List<?>) parent.get(key)).stream().map(child -> (Map<?, ?>) child);
    }
}
