package io.sharedinference.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {

    @ParameterizedTest
    @CsvSource({
        "eclipse-temurin:25-jre-noble, docker.io/library/eclipse-temurin:25-jre-noble",
        "docker.io/team/proxy,         docker.io/team/proxy:latest",
        "localhost:5000/proxy:1,       localhost:5000/proxy:1",
        "10.0.0.2:5000/a/b/c:v1.2,     10.0.0.2:5000/a/b/c:v1.2",
    })
    void completesReference(String reference, String complete) {
        assertEquals(complete, ImageName.parse("proxyImage", reference).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Registry.example.com/Team/Proxy",
                "a b",
                "registry/proxy:",
                "registry/proxy@sha256:12",
                "https://r/p"
            })
    void rejectsInvalidReferenceAndNamesKey(String reference) {
        ImageException refused = assertThrows(ImageException.class, () -> ImageName.parse("proxyImage", reference));
        assertTrue(refused.getMessage().startsWith("proxyImage = \"" + reference + "\""), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example.com/team/proxy:v1",
                "proxy:v1",
                "registry.example.com/proxy@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void rejectsRepositoryWithTag(String reference) {
        ImageException refused = assertThrows(
                ImageException.class, () -> ImageName.inRepository("proxyImageRepository", reference, "src-1"));
        assertTrue(refused.getMessage().contains("remove the tag and the digest"), refused.getMessage());
    }

    @Test
    void acceptsRegistryPort() {
        assertEquals(
                "localhost:5000/proxy:src-1",
                ImageName.inRepository("proxyImageRepository", "localhost:5000/proxy", "src-1")
                        .toString());
    }
}
