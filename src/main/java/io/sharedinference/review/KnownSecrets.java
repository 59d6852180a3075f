package io.sharedinference.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.secrets.Redaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** All secrets that a preview may print: from stack states, configurations and environment variables. */
final class KnownSecrets {

    /** Key by which the engine marks special values, such as secrets. */
    static final String SIGNATURE = "4dabf18193072939515e22adb298388d";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(token|password|passphrase|secret|_key|credentials?)(_id)?");
    private static final int MIN_LENGTH = 8; // shorter values, such as true, are part of other words

    private final Set<String> found = new HashSet<>();

    private KnownSecrets(Map<String, String> environment) {
        environment.forEach(this::addVariable);
    }

    static Redaction of(Map<String, String> environment) {
        return Redaction.of(new KnownSecrets(environment).found);
    }

    /** Skips what cannot be read; the preview fails for the same reason and reports it. */
    static Redaction of(Engine engine, List<String> stacks, Map<String, String> environment) {
        var secrets = new KnownSecrets(environment);
        for (var stack : stacks) {
            secrets.addState(read(() -> engine.stateWithSecrets(stack)));
            read(() -> engine.configWithSecrets(stack)).forEach(secrets::addSetting);
        }
        return Redaction.of(secrets.found);
    }

    private static JsonNode read(Supplier<JsonNode> source) {
        try {
            return source.get();
        } catch (EngineException e) {
            return MissingNode.getInstance();
        }
    }

    private void addVariable(String name, String value) {
        if (SECRET_NAME.matcher(name).matches() && value.length() >= MIN_LENGTH) {
            found.add(value);
        }
    }

    private void addSetting(JsonNode setting) {
        if (setting.path("secret").asBoolean()) {
            addValue(setting.path("value").asText());
        }
    }

    private void addState(JsonNode node) {
        if (node.has(SIGNATURE) && node.has("plaintext")) {
            addValue(node.get("plaintext").asText());
        } else {
            // __inputs is a copy of all inputs, which the Kubernetes plugin marks secret as a whole
            node.properties().stream()
                    .filter(field -> !field.getKey().equals("__inputs"))
                    .forEach(field -> addState(field.getValue()));
            if (node.isArray()) {
                node.forEach(this::addState);
            }
        }
    }

    /** A string, or JSON with strings in it. */
    private void addValue(String text) {
        try {
            var json = JSON.readTree(text);
            if (json.isTextual()) {
                addString(json.asText());
            }
            addStrings(json);
        } catch (IOException e) {
            addString(text);
        }
    }

    private void addStrings(JsonNode node) {
        if (node.isContainerNode()) {
            node.forEach(this::addStrings);
        } else if (node.isTextual() && node.asText().length() >= MIN_LENGTH) {
            addString(node.asText());
        } else if (node.isNumber() && node.asText().length() >= MIN_LENGTH) {
            found.add(node.asText());
        }
    }

    /** Adds the decoded value as well, because data of Secrets is base64; except URLs without credentials. */
    private void addString(String text) {
        found.add(text);
        try {
            var decoded = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            if (decoded.length() >= MIN_LENGTH && !decoded.matches("(?s)https?://[^@\\s]*|.*[\\p{Cntrl}\ufffd].*")) {
                found.add(decoded);
            }
        } catch (IllegalArgumentException e) {
            // not base64
        }
    }
}
