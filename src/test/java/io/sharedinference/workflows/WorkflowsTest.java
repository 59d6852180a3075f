package io.sharedinference.workflows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.tools.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class WorkflowsTest {

    private static final Path DIRECTORY = Path.of(".github").toAbsolutePath();
    private static final Pattern USES = Pattern.compile("uses: (?!\\./)(\\S+)(.*)");

    static Stream<Path> files() throws IOException {
        try (var tree = Files.walk(DIRECTORY)) {
            return tree.filter(file -> file.toString().endsWith(".yml")).sorted().toList().stream();
        }
    }

    @Test
    void actionlintFindsNothing() throws IOException, InterruptedException {
        var go = Tool.linter("go").toString(); // builds actionlint
        var command = new ArrayList<>(List.of(go, "tool", "actionlint", "-no-color"));
        files().filter(file -> file.getParent().endsWith("workflows")).forEach(file -> command.add(file.toString()));
        var actionlint = new ProcessBuilder(command)
                .directory(Path.of("sandbox/tools/actionlint").toFile())
                .redirectErrorStream(true)
                .start();
        var findings = new String(actionlint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, actionlint.waitFor(), findings);
    }

    @ParameterizedTest
    @MethodSource("files")
    void actionsArePinnedByCommitWithTheirVersion(Path file) throws IOException {
        USES.matcher(Files.readString(file))
                .results()
                .forEach(use -> assertTrue(
                        use.group(1).matches(".+@[0-9a-f]{40}") && use.group(2).matches(" # v\\d+\\.\\d+\\.\\d+"),
                        file + ": " + use.group()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void scriptsContainNoExpressions(Path file) throws IOException {
        runs(new Yaml().load(Files.readString(file)))
                .forEach(script -> assertTrue(!script.contains("${{"), file + ": " + script));
    }

    private static Stream<String> runs(Object node) {
        if (node instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .flatMap(entry -> "run".equals(entry.getKey()) && entry.getValue() instanceof String script
                            ? Stream.of(script)
                            : runs(entry.getValue()));
        }
        return node instanceof List<?> list ? list.stream().flatMap(WorkflowsTest::runs) : Stream.empty();
    }
}
