package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.project.Problems;
import io.sharedinference.project.StackFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares how {@code pulumi config --json} and {@link StackFiles} read random entries of a stack file. For more entries:
 * {@code -Dyaml.entries=20000}; for other entries: {@code -Dyaml.seed=…}.
 */
@ExtendWith(SandboxExtension.class)
class StackFileIT {

    private static final long SEED = Long.getLong("yaml.seed", 2);
    private static final int ENTRIES = Integer.getInteger("yaml.entries", 1500);
    private static final int BATCH = 300;
    private static final int REFUSED = 80;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Project project;
    private final List<String> differences = new ArrayList<>();

    @Test
    void everyEntryIsReadAsPulumiReadsIt(Sandbox running) throws IOException {
        System.out.println("StackFileIT: -Dyaml.seed=" + SEED);
        project = new Project(running, directory);
        project.configure("one", Map.of());
        var inputs = new YamlInputs(SEED);
        var accepted = new ArrayList<String>();
        var refused = new ArrayList<String>();
        for (int i = 0; i < ENTRIES; i++) {
            var entry = inputs.entry("k" + i);
            (read(List.of(entry)).isPresent() ? accepted : refused).add(entry);
        }
        for (int from = 0; from < accepted.size(); from += BATCH) {
            compare(accepted.subList(from, Math.min(accepted.size(), from + BATCH)));
        }
        for (var entry : refused.subList(0, Math.min(REFUSED, refused.size()))) {
            engine(List.of(entry))
                    .ifPresent(
                            value -> differences.add("rejected here, but the engine reads " + value + ":\n" + entry));
        }
        assertTrue(accepted.size() > ENTRIES / 3 && refused.size() > ENTRIES / 30, accepted.size() + " accepted");
        assertEquals("", String.join("\n", differences), differences.size() + " differ");
    }

    /** Splits a batch that the engine rejects. */
    private void compare(List<String> entries) throws IOException {
        var expected = engine(entries);
        var actual = read(entries).orElseThrow();
        if (expected.isEmpty() && entries.size() > 1) {
            compare(entries.subList(0, entries.size() / 2));
            compare(entries.subList(entries.size() / 2, entries.size()));
        } else if (expected.isEmpty()) {
            differences.add("the engine rejects what is read here as " + actual + ":\n" + entries.get(0));
        } else {
            expected.get().forEach((key, value) -> {
                if (!same(value, actual.getOrDefault(key, "nothing"))) {
                    differences.add(key + ": " + actual.get(key) + " here, but the engine reads " + value);
                }
            });
        }
    }

    /** The strings are equal, or the same JSON. */
    private static boolean same(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            JsonNode tree = JSON.readTree(one);
            return tree.isContainerNode() && tree.equals(StackFileIT::order, JSON.readTree(other));
        } catch (IOException e) {
            return false;
        }
    }

    private static int order(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? Double.compare(one.doubleValue(), other.doubleValue())
                : one.equals(other) ? 0 : 1;
    }

    private Optional<Map<String, String>> read(List<String> entries) throws IOException {
        write("two", entries);
        var problems = new Problems();
        var settings = StackFiles.in(directory).read("two", problems);
        return settings.filter(any -> problems.all().isEmpty()).map(io.sharedinference.project.Settings::values);
    }

    private Optional<Map<String, String>> engine(List<String> entries) throws IOException {
        write("one", entries);
        var outcome = project.pulumi("config", "--json", "--stack", "one");
        if (outcome.exit() != 0) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        var json = outcome.output().substring(outcome.output().indexOf("{\n"));
        JSON.readTree(json).properties().forEach(entry -> {
            if (entry.getKey().matches("shared-inference:k\\d.*")) {
                values.put(entry.getKey(), entry.getValue().path("value").asText());
            }
        });
        return Optional.of(values);
    }

    private void write(String stack, List<String> entries) throws IOException {
        var config = new StringBuilder("config:\n");
        entries.forEach(entry -> config.append(entry.indent(2)));
        Files.writeString(directory.resolve("Pulumi." + stack + ".yaml"), config);
    }
}
