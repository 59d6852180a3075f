package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.CommandResult;
import com.pulumi.automation.CommandRunOptions;
import com.pulumi.automation.PulumiCommand;
import com.pulumi.automation.Version;
import com.pulumi.automation.events.EngineEvent;
import com.pulumi.automation.serialization.internal.LocalSerializer;
import io.sharedinference.chart.RenderedChart;
import io.sharedinference.project.StackName;
import io.sharedinference.pulumi.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreviewsTest {

    private static final String TOKEN = "planted secret/+1 of the tenant";
    private static final String ENCODED = Base64.getEncoder().encodeToString(TOKEN.getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {TOKEN, "in plain: " + TOKEN + "."})
    void masksTokenInEveryField(String planted) throws IOException {
        for (var text : List.of(planted, planted.replace(TOKEN, ENCODED))) {
            var review = previews(text)
                    .update(
                            "tenant1",
                            directory.resolve("Pulumi.tenant1.yaml"),
                            Optional.of(new StackName("organization", "shared-inference", "shared")));
            for (var output : List.of(ReviewJson.write(review), Markdown.of(review))) {
                assertFalse(output.contains("planted") || output.contains(ENCODED), output);
                assertTrue(output.contains("***"), output);
            }
            assertEquals(1, review.changes().size());
            assertEquals(1, review.outputs().size());
            assertEquals(1, review.failures().size());
            assertEquals(1, review.rendered().orElseThrow().objects().size());
        }
    }

    @Test
    void readsReviewFromArtifact() throws IOException {
        var review = previews("x").update("tenant1", directory.resolve("Pulumi.tenant1.yaml"), Optional.empty());
        Files.writeString(directory.resolve("tenant1.json"), ReviewJson.write(review));
        assertEquals(List.of(review), ReviewArtifact.read(directory));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"stack\": \"tenant1\"}",
                "{\"stack\": \"../tenant1\", \"purpose\": \"UPDATE\", \"changes\": [], \"unchanged\": 0, \"outputs\": [], \"rendered\": null, \"failures\": []}",
                "{\"stack\": \"tenant1\", \"purpose\": \"UPDATE\", \"changes\": [], \"unchanged\": 0, \"outputs\": [], \"rendered\": null, \"failures\": [], \"more\": 1}"
            })
    void rejectsInvalidArtifact(String json) throws IOException {
        Files.writeString(directory.resolve("tenant1.json"), json);
        assertTrue(assertThrows(IOException.class, () -> ReviewArtifact.read(directory))
                .getMessage()
                .contains("tenant1.json"));
    }

    @Test
    void rejectsLinkInArtifact() throws IOException {
        Files.createSymbolicLink(directory.resolve("tenant1.json"), Path.of("/etc/hostname"));
        assertThrows(IOException.class, () -> ReviewArtifact.read(directory));
    }

    private Previews previews(String planted) {
        return new Previews(new Engine(new LeakingPulumi(planted), directory), Map.of());
    }

    /** A CLI that prints the planted string in every field. */
    private record LeakingPulumi(String planted) implements PulumiCommand {

        @Override
        public Version version() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CommandResult run(List<String> arguments, CommandRunOptions options) throws AutomationException {
            if (arguments.contains("export")) {
                return new CommandResult(0, """
                        {"outputs": {"token": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                          "plaintext": "\\"%s\\""}}}""".formatted(TOKEN), "");
            }
            if (arguments.contains("config")) {
                return new CommandResult(0, "{}", "");
            }
            preview(options);
            throw new AutomationException("failed");
        }

        private void preview(CommandRunOptions options) {
            var step = """
                    {"op": "update", "type": "%1$s", "urn": "a::%1$s", "old": {"inputs": {"%1$s": "%1$s"}, "outputs": {"%1$s": "%1$s"}},
                     "new": {"inputs": {"%1$s": "%1$s!", "%1$s2": ["%1$s"]}, "outputs": {"%1$s": "%1$s!"}}, "diffs": ["%1$s"]}""".formatted(planted);
            event(options, "{\"resourcePreEvent\": {\"metadata\": " + step + "}}");
            event(
                    options,
                    "{\"resOutputsEvent\": {\"metadata\": "
                            + step.replaceFirst("\"type\": \"[^\"]*\"", "\"type\": \"pulumi:pulumi:Stack\"") + "}}");
            event(options, "{\"diagnosticEvent\": {\"severity\": \"error\", \"message\": \"" + planted + "\"}}");
            try {
                Files.writeString(Path.of(options.additionalEnv().get(RenderedChart.FILE)), """
                        {"objects": [{"kind": "CHANGED", "object": "%1$s", "diff": "+%1$s"}], "notes": ["%1$s"]}""".formatted(planted));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void event(CommandRunOptions options, String json) {
            options.onEngineEvent().accept(new LocalSerializer().deserializeJson(json, EngineEvent.class));
        }
    }
}
