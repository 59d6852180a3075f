package io.sharedinference.proxy.limits;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Parses the limits of single models. */
public final class ModelLimits {
    private static final List<String> KEYS = List.of(
            "requests",
            "userRequests",
            "requestsPerMinute",
            "userRequestsPerMinute",
            "tokensPerMinute",
            "userTokensPerMinute");

    private ModelLimits() {}

    /**
     * Parses a JSON object such as {@code {"llama":{"requests":8,"userTokensPerMinute":5000}}}.
     *
     * @throws IllegalArgumentException with the cause
     */
    public static Map<String, Quotas> parse(String json) {
        if (json.isEmpty()) {
            // avoids loading Jackson, which takes a fifth of the startup time
            return Map.of();
        }
        try {
            JsonNode node = JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readTree(json);
            return object(node, "must be a JSON object of models").properties().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, model -> quotas(model.getKey(), model.getValue())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Quotas quotas(String model, JsonNode node) {
        ObjectNode limits = object(node, "must have an object of limits for " + model);
        limits.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "has an unknown key " + key + " for " + model + "; known are " + String.join(", ", KEYS));
            }
        });
        return new Quotas(
                new Quota(
                        count(limits, "requests"),
                        count(limits, "requestsPerMinute"),
                        count(limits, "tokensPerMinute")),
                new Quota(
                        count(limits, "userRequests"),
                        count(limits, "userRequestsPerMinute"),
                        count(limits, "userTokensPerMinute")));
    }

    private static ObjectNode object(JsonNode node, String problem) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(problem);
    }

    private static long count(ObjectNode limits, String key) {
        return Optional.ofNullable(limits.get(key))
                .map(value -> {
                    if (!value.isIntegralNumber()
                            || !value.canConvertToLong()
                            || value.longValue() < 0
                            || value.longValue() > Quota.MAX) {
                        throw new IllegalArgumentException(key + " must be a whole number, 0 to " + Quota.MAX);
                    }
                    return value.longValue();
                })
                .orElse(0L);
    }
}
