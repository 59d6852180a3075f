package io.sharedinference.standins.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the stand-in claims to be: its version, its models (as {@code model-settings} shows them) and its pace. */
record InferenceConfig(String version, List<JsonNode> models, Pace pace) {
    InferenceConfig {
        if (version.isBlank() || models.isEmpty()) {
            throw new IllegalArgumentException("the stand-in needs a version and one model at least");
        }
    }

    /** @throws IllegalArgumentException when the file is missing or wrong */
    static InferenceConfig read(Path file) {
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(file));
            JsonNode stream = json.path("stream");
            return new InferenceConfig(
                    json.path("version").asText(),
                    json.path("models")
                            .valueStream()
                            .map(InferenceConfig::whole)
                            .toList(),
                    Pace.of(
                            stream.path("events").asText(),
                            stream.path("delayMillis").asText(),
                            "0"));
        } catch (IOException e) {
            throw new IllegalArgumentException("can't read the configuration " + file + ": " + e, e);
        }
    }

    /** Helm values can't carry a null everywhere, and the API shows this one. */
    private static JsonNode whole(JsonNode model) {
        ((ObjectNode) model).putIfAbsent("embedding_type", NullNode.getInstance());
        return model;
    }

    Optional<JsonNode> model(String name) {
        return models.stream()
                .filter(model -> model.path("name").asText().equals(name))
                .findFirst();
    }
}
