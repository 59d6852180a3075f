package io.sharedinference.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the limits on requests of the tenant and its users, which the proxy reads from environment variables. */
final class ProxyLimits {

    private static final List<String> COUNTS = List.of(
            "maxRequests",
            "maxUserRequests",
            "requestsPerMinute",
            "userRequestsPerMinute",
            "tokensPerMinute",
            "userTokensPerMinute");
    private static final List<String> MODEL_COUNTS = List.of(
            "requests",
            "userRequests",
            "requestsPerMinute",
            "userRequestsPerMinute",
            "tokensPerMinute",
            "userTokensPerMinute");
    private static final String QUEUE_TIMEOUT = "queueTimeout";
    private static final String MODELS = "models";
    private static final String CORRECT = "correct or remove the entry";

    private final SettingsReader settings;
    private final Map<String, String> variables = new LinkedHashMap<>();

    private ProxyLimits(SettingsReader settings) {
        this.settings = settings;
    }

    /** @param ownProxy whether this project's proxy is deployed, not the chart's */
    static Map<String, String> read(SettingsReader settings, boolean ownProxy) {
        var limits = settings.object(Key.PROXY_LIMITS);
        if (!limits.isEmpty() && !ownProxy) {
            settings.invalid(
                    Key.PROXY_LIMITS,
                    "must not be set with the chart's own proxy, which does not know these limits",
                    "set " + settings.settings().fullKey(Key.PROXY_IMAGE) + " to an image of this project's proxy, or "
                            + "remove the key");
        }
        var reader = new ProxyLimits(settings);
        limits.forEach(reader::read);
        return reader.variables;
    }

    private void read(String name, Object value) {
        if (COUNTS.contains(name)) {
            count(name, value);
            variables.put(variable(name), String.valueOf(value));
        } else if (name.equals(QUEUE_TIMEOUT)) {
            check(name, value, "[0-9]{1,9}(ms|s|m)", "must be a duration such as 500ms, 30s or 2m");
            variables.put(variable(name), String.valueOf(value));
        } else if (name.equals(MODELS)) {
            object(name, value).forEach(this::model);
            variables.put("MODEL_LIMITS", json(value));
        } else {
            unknown(name, String.join(", ", COUNTS) + ", " + QUEUE_TIMEOUT + ", " + MODELS);
        }
    }

    private void model(Object model, Object limits) {
        var path = MODELS + "." + model;
        object(path, limits).forEach((name, value) -> {
            if (MODEL_COUNTS.contains(String.valueOf(name))) {
                count(path + "." + name, value);
            } else {
                unknown(path + "." + name, String.join(", ", MODEL_COUNTS));
            }
        });
    }

    private void count(String name, Object value) {
        check(name, value, "[0-9]{1,12}", "must be a whole number, 0 for no limit");
    }

    private void check(String name, Object value, String pattern, String rule) {
        if (!String.valueOf(value).matches(pattern)) {
            settings.invalid(Key.PROXY_LIMITS, name + ": " + value, rule, CORRECT);
        }
    }

    private Map<?, ?> object(String name, Object value) {
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        settings.invalid(Key.PROXY_LIMITS, name + ": " + value, "must be an object", CORRECT);
        return Map.of();
    }

    private void unknown(String name, String known) {
        settings.invalid(Key.PROXY_LIMITS, name, "unknown limit; the limits are " + known, CORRECT);
    }

    /** maxRequests is MAX_REQUESTS. */
    private static String variable(String name) {
        return name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    private static String json(Object value) {
        try {
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write limits as JSON", e);
        }
    }
}
