package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharedinference.program.UserValues;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.InstallationConfig;
import io.sharedinference.project.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares how {@code helm template} and {@link UserValues} read random values files. For more files:
 * {@code -Dyaml.files=20000}; for other files: {@code -Dyaml.seed=…}.
 */
@ExtendWith(SandboxExtension.class)
class HelmValuesIT {

    private static final long SEED = Long.getLong("yaml.seed", 2);
    private static final int FILES = Integer.getInteger("yaml.files", 1000);
    private static final int BATCH = 250;
    private static final int REFUSED = 150;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private final List<String> differences = new ArrayList<>();

    @Test
    void everyFileIsReadAsHelmReadsIt(Sandbox running) throws IOException {
        System.out.println("HelmValuesIT: -Dyaml.seed=" + SEED);
        sandbox = running;
        chart();
        var accepted = new TreeMap<Path, JsonNode>();
        var refused = new ArrayList<Path>();
        for (var file : files()) {
            var problems = new Problems();
            var values =
                    UserValues.read(installation(file), directory, problems).merged();
            if (problems.all().isEmpty()) {
                accepted.put(file, JSON.readTree(values.json().toString()));
            } else {
                refused.add(file);
            }
        }
        var names = new ArrayList<>(accepted.keySet());
        for (int from = 0; from < names.size(); from += BATCH) {
            compare(names.subList(from, Math.min(names.size(), from + BATCH)), accepted);
        }
        for (var file : refused.subList(0, Math.min(REFUSED, refused.size()))) {
            helm(List.of(file))
                    .ifPresent(json -> differences.add("rejected here, but Helm reads " + json + ":\n" + text(file)));
        }
        assertTrue(accepted.size() > FILES / 3 && refused.size() > FILES / 30, accepted.size() + " accepted");
        assertEquals("", String.join("\n", differences), differences.size() + " differ");
    }

    /** Splits a batch that Helm rejects. */
    private void compare(List<Path> files, TreeMap<Path, JsonNode> actual) throws IOException {
        var expected = helm(files);
        if (expected.isEmpty() && files.size() > 1) {
            compare(files.subList(0, files.size() / 2), actual);
            compare(files.subList(files.size() / 2, files.size()), actual);
            return;
        }
        if (expected.isEmpty()) {
            differences.add(
                    "Helm rejects what is read here as " + actual.get(files.get(0)) + ":\n" + text(files.get(0)));
            return;
        }
        for (var file : files) {
            for (var entry : actual.get(file).properties()) {
                var other = expected.get().path(entry.getKey());
                if (!entry.getValue().equals(HelmValuesIT::order, other)) {
                    differences.add(entry.getValue() + " here, but Helm reads " + other + ":\n" + text(file));
                }
            }
        }
    }

    /** Numbers are equal when they are the same float64. */
    private static int order(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? Double.compare(one.doubleValue(), other.doubleValue())
                : one.equals(other) ? 0 : 1;
    }

    private Optional<ObjectNode> helm(List<Path> files) {
        var command = new ArrayList<>(
                List.of("helm", "template", "r", directory.resolve("chart").toString()));
        files.forEach(file -> command.addAll(List.of("-f", file.toString())));
        var outcome = sandbox.run(command.toArray(String[]::new));
        return outcome.exit() == 0 ? Optional.of(printed(outcome.output())) : Optional.empty();
    }

    private static ObjectNode printed(String output) {
        try {
            var encoded = output.lines()
                    .filter(line -> line.startsWith("values: "))
                    .map(line -> line.substring("values: ".length()))
                    .collect(Collectors.joining());
            return (ObjectNode) JSON.readTree(Base64.getDecoder().decode(encoded));
        } catch (IOException e) {
            throw new UncheckedIOException(output, e);
        }
    }

    private List<Path> files() throws IOException {
        var inputs = new YamlInputs(SEED);
        var files = new ArrayList<Path>();
        for (int i = 0; i < FILES; i++) {
            files.add(Files.writeString(
                    directory.resolve("v%05d.yaml".formatted(i)), inputs.file(inputs.entry("k" + i))));
        }
        return files;
    }

    private void chart() throws IOException {
        var templates = Files.createDirectories(directory.resolve("chart/templates"));
        Files.writeString(directory.resolve("chart/Chart.yaml"), "apiVersion: v2\nname: values\nversion: 1.0.0\n");
        Files.writeString(templates.resolve("values.yaml"), "kind: Seen\nvalues: {{ .Values | toJson | b64enc }}\n");
    }

    private InstallationConfig installation(Path file) {
        var keys = ConfigFixtures.tenant();
        keys.put("valuesFiles", "[\"" + file + "\"]");
        keys.put("kubernetesPluginVersion", "4.30.0"); // the first version that passes nulls
        return ConfigFixtures.tenantConfig(keys).installation();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file)
                    .replace("\r", "\\r")
                    .replace("\t", "\\t")
                    .indent(4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
