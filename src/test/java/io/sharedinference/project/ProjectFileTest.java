package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The committed Pulumi.yaml and stack files. */
class ProjectFileTest {

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void declaresAllKeys() throws IOException {
        assertEquals(Arrays.stream(Key.values()).map(Key::key).toList(), List.copyOf(schema().keySet()));
    }

    @ParameterizedTest
    @EnumSource
    void declaresDefaultsOfTheProgram(Key key) throws IOException {
        var declared = schema().get(key.key());
        assertFalse(((String) declared.get("description")).isBlank());
        assertEquals(key.defaultValue(), written(declared.get("default")));
        assertFalse(declared.containsKey("secret"), "the engine rejects defaults that are not encrypted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "tenant1"})
    void committedStackFilesAreValid(String stack) throws IOException {
        Map<String, Map<String, Object>> file = new Yaml().load(Files.readString(Path.of("Pulumi." + stack + ".yaml")));
        var keys = new LinkedHashMap<String, String>();
        for (var entry : file.get("config").entrySet()) {
            keys.put(entry.getKey(), written(entry.getValue()));
        }
        var problems = new Problems();
        assertTrue(StackConfig.parse(ConfigFixtures.settings(keys), problems).isPresent());
        assertEquals(List.of(), problems.all());
    }

    private static Map<String, Map<String, Object>> schema() throws IOException {
        Map<String, Map<String, Map<String, Object>>> project =
                new Yaml().load(Files.readString(Path.of("Pulumi.yaml")));
        return project.get("config");
    }

    /** The value's form in what the engine passes to the program. */
    private String written(Object value) throws JsonProcessingException {
        return value instanceof Map || value instanceof List ? json.writeValueAsString(value) : String.valueOf(value);
    }
}
