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

/** Every secret that a preview could come across: of the states and configurations that it reads, and its environment's. */
final class KnownSecrets {

    /** The engine's mark of a special value, a secret mostly. */
    static final String SIGNATURE = "4dabf18193072939515e22adb298388d";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TELLING =
            Pattern.compile("(?i).*(token|password|passphrase|secret|_key|credentials?)(_id)?");
    private static final int SHORTEST = 8; // of strings among which true and 0 are as well

    private final Set<String> found = new HashSet<>();

    private KnownSecrets(Map<String, String> environment) {
        environment.forEach(this::variable);
    }

    static Redaction of(Map<String, String> environment) {
        return Redaction.of(new KnownSecrets(environment).found);
    }

    /** What can't be read has no secrets to give: the preview then fails for the same reason and says so. */
    static Redaction of(Engine engine, List<String> stacks, Map<String, String> environment) {
        var secrets = new KnownSecrets(environment);
        for (var stack : stacks) {
            secrets.state(read(() -> engine.stateWithSecrets(stack)));
            read(() -> engine.configWithSecrets(stack)).forEach(secrets::setting);
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

    private void variable(String name, String value) {
        if (TELLING.matcher(name).matches() && value.length() >= SHORTEST) {
            found.add(value);
        }
    }

    private void setting(JsonNode setting) {
        if (setting.path("secret").asBoolean()) {
            value(setting.path("value").asText());
        }
    }

    private void state(JsonNode node) {
        if (node.has(SIGNATURE) && node.has("plaintext")) {
            value(node.get("plaintext").asText());
        } else {
            // __inputs is the Kubernetes plugin's copy of all inputs, secret as a whole: what is in truth stands beside
            // it
            node.properties().stream()
                    .filter(field -> !field.getKey().equals("__inputs"))
                    .forEach(field -> state(field.getValue()));
            if (node.isArray()) {
                node.forEach(this::state);
            }
        }
    }

    /** A string, or JSON with strings in it. */
    private void value(String text) {
        try {
            var json = JSON.readTree(text);
            if (json.isTextual()) {
                text(json.asText());
            }
            strings(json);
        } catch (IOException e) {
            text(text);
        }
    }

    private void strings(JsonNode node) {
        if (node.isContainerNode()) {
            node.forEach(this::strings);
        } else if (node.isTextual() && node.asText().length() >= SHORTEST) {
            text(node.asText());
        } else if (node.isNumber() && node.asText().length() >= SHORTEST) {
            found.add(node.asText());
        }
    }

    /** What a Secret holds is base64; what that says is secret as well, but for addresses. */
    private void text(String text) {
        found.add(text);
        try {
            var decoded = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            if (decoded.length() >= SHORTEST && !decoded.matches("(?s)https?://[^@\\s]*|.*[\\p{Cntrl}\ufffd].*")) {
                found.add(decoded);
            }
        } catch (IllegalArgumentException e) {
            // no base64
        }
    }
}
