package io.sharedinference.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Kubernetes objects in a stack's state, as last declared by the program. */
final class DeclaredObjects {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NAMESPACE = "Namespace"; // other tools add labels and annotations

    private DeclaredObjects() {}

    /** Empty if the state cannot be read; the refresh fails for the same reason and reports it. */
    static List<Map<?, ?>> of(Engine engine, String stack) {
        try {
            return engine.stateWithSecrets(stack)
                    .path("deployment")
                    .path("resources")
                    .valueStream()
                    .filter(resource -> resource.path("type").asText().startsWith("kubernetes:"))
                    .map(resource -> value(resource.path("inputs")))
                    .flatMap(inputs ->
                            inputs instanceof Map<?, ?> object ? Stream.<Map<?, ?>>of(object) : Stream.empty())
                    .filter(object -> object.get("kind") instanceof String kind && !kind.equals(NAMESPACE))
                    .toList();
        } catch (EngineException e) {
            return List.of();
        }
    }

    private static Object value(JsonNode node) {
        if (node.has(KnownSecrets.SIGNATURE) && node.has("plaintext")) {
            return value(parsed(node.path("plaintext").asText()));
        }
        if (node.isObject()) {
            var map = new LinkedHashMap<String, Object>();
            node.properties().forEach(field -> map.put(field.getKey(), value(field.getValue())));
            return map;
        }
        return node.isArray()
                ? node.valueStream().map(DeclaredObjects::value).toList()
                : JSON.convertValue(node, Object.class);
    }

    private static JsonNode parsed(String plaintext) {
        try {
            return JSON.readTree(plaintext);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a secret in the state is not JSON", e);
        }
    }
}
