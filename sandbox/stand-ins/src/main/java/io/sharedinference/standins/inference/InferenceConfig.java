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

/** The configuration: version, models (in the format of {@code model-settings}) and default pace. */
record InferenceConfig(String version, List<JsonNode> models, Pace pace) {
    InferenceConfig {
        if (version.isBlank() || models.isEmpty()) {
            throw new IllegalArgumentException("a version and at least one model are required");
        }
    }

    /** @throws IllegalArgumentException if the file is missing or invalid */
    static InferenceConfig read(Path file) {
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(file));
            JsonNode stream = json.path("stream");
            return new InferenceConfig(
                    json.path("version").asText(),
                    json.path("models")
                            .valueStream()
                            .map(InferenceConfig::withNulls)
                            .toList(),
                    Pace.of(
                            stream.path("events").asText(),
                            stream.path("delayMillis").asText(),
                            "0"));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the configuration " + file + ": " + e, e);
        }
    }

    /** Adds the null that the API returns: Helm removes nulls from some values. */
    private static JsonNode withNulls(JsonNode model) {
        ((ObjectNode) model).putIfAbsent("embedding_type", NullNode.getInstance());
        return model;
    }

    Optional<JsonNode> model(String name) {
        return models.stream()
                .filter(model -> model.path("name").asText().equals(name))
                .findFirst();
    }
}
