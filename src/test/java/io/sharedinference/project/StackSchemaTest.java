package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The JSON schema of stack files, generated from the keys and their descriptions in Pulumi.yaml. */
class StackSchemaTest {

    private static final Path COMMITTED = Path.of("docs", "stack.schema.json");
    private static final String PREFIX = "shared-inference:";

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void committedSchemaIsUpToDate() throws IOException {
        var generated = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema()) + "\n";
        if ("write".equals(System.getenv("GOLDEN"))) {
            Files.writeString(COMMITTED, generated);
        }
        assertEquals(generated, Files.readString(COMMITTED), "Fix: run this test with GOLDEN=write in the environment");
    }

    static ObjectNode schema() throws IOException {
        var schema = JSON.createObjectNode()
                .put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", "Stack file of shared-inference")
                .put("type", "object");
        var config = schema.putObject("properties").putObject("config").put("type", "object");
        config.putArray("required").add(PREFIX + "role").add(PREFIX + "context");
        var properties = config.putObject("properties");
        for (var key : Key.values()) {
            properties.set(PREFIX + key.key(), property(key));
        }
        config.putObject("patternProperties").put("^" + PREFIX + "(?!(" + names() + ")$)", false);
        var roles = config.putArray("allOf");
        Arrays.stream(Role.values()).forEach(role -> roles.add(onlyKeysOf(role)));
        schema.putObject("definitions").set("encrypted", encrypted());
        return schema;
    }

    private static ObjectNode property(Key key) throws IOException {
        Map<String, Map<String, Map<String, Object>>> project =
                new Yaml().load(Files.readString(Path.of("Pulumi.yaml")));
        var declared = project.get("config").get(key.key());
        var property = JSON.createObjectNode().put("description", (String) declared.get("description"));
        property.set("default", JSON.valueToTree(declared.get("default")));
        var plain = JSON.createObjectNode().put("type", (String) declared.get("type"));
        if (declared.get("items") != null) {
            plain.set("items", JSON.valueToTree(declared.get("items")));
        }
        if (key == Key.ROLE) {
            plain.set(
                    "enum",
                    JSON.valueToTree(
                            Arrays.stream(Role.values()).map(Role::text).toList()));
        }
        property.putArray("anyOf").add(plain).add(JSON.createObjectNode().put("$ref", "#/definitions/encrypted"));
        return property;
    }

    private static String names() {
        return String.join("|", Arrays.stream(Key.values()).map(Key::key).toList());
    }

    private static ObjectNode onlyKeysOf(Role role) {
        var rule = JSON.createObjectNode();
        rule.putObject("if").putObject("properties").putObject(PREFIX + "role").put("const", role.text());
        var others = rule.putObject("then").putObject("properties");
        Arrays.stream(Key.values())
                .filter(key -> !key.allowedFor(role))
                .forEach(key -> others.put(PREFIX + key.key(), false));
        return rule;
    }

    private static ObjectNode encrypted() {
        var secure = JSON.createObjectNode().put("type", "object");
        secure.putObject("properties").putObject("secure").put("type", "string");
        secure.set("required", JSON.valueToTree(List.of("secure")));
        return secure;
    }
}
