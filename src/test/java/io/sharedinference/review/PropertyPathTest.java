package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyPathTest {

    private static final Map<String, Object> VALUES = Map.of(
            "metadata", Map.of("annotations", Map.of("pulumi.com/patchForce", "true", "a.b.c", Map.of("d", 1.0))),
            "ports", List.of(80.0, Map.of("port", 53.0)),
            "inference-api", Map.of("a", "x"));

    /** The engine quotes keys with dots and dashes, the Kubernetes provider does not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            metadata.annotations["pulumi.com/patchForce"] | true
            metadata.annotations.pulumi.com/patchForce    | true
            metadata.annotations.a.b.c.d                  | 1
            ports[0]                                      | 80
            ports[1].port                                 | 53
            ["inference-api"].a                           | x
            inference-api.a                               | x
            ports[2]                                      |
            ports.x                                       |
            metadata.annotations.a.b                      |
            """)
    void findsValue(String path, String text) {
        assertEquals(Optional.ofNullable(text), PropertyPath.of(path).in(VALUES));
    }
}
