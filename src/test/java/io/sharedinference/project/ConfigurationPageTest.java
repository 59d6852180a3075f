package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The configuration reference, generated from the schema for editors. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs", "configuration.md");

    @Test
    void pageMatchesSchema() throws IOException {
        if ("write".equals(System.getenv("GOLDEN"))) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE), "Fix: run this test with GOLDEN=write in the environment");
    }

    private static String page() throws IOException {
        var properties = StackSchemaTest.schema().at("/properties/config/properties");
        return """
                # Configuration

                All keys of a stack file. Each has the prefix `shared-inference:`. Unknown keys are rejected.

                This page is generated from [stack.schema.json](stack.schema.json), the schema for completion and validation in editors.

                | Key | Roles | Default | Description |
                |---|---|---|---|
                %s
                """.formatted(Arrays.stream(Key.values())
                .map(key -> row(key, properties.get("shared-inference:" + key.key())))
                .collect(Collectors.joining("\n")));
    }

    private static String row(Key key, JsonNode property) {
        var unset = key.defaultValue().isEmpty()
                || key.defaultValue().equals("[]")
                || key.defaultValue().equals("{}");
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        key.key(),
                        roles(key),
                        unset ? "–" : "`" + key.defaultValue() + "`",
                        property.get("description").asText().replace("<", "\\<").replace("|", "\\|"));
    }

    private static String roles(Key key) {
        var roles = Arrays.stream(Role.values()).filter(key::allowedFor).toList();
        return roles.size() == Role.values().length
                ? "all"
                : roles.stream().map(Role::text).collect(Collectors.joining(", "));
    }
}
