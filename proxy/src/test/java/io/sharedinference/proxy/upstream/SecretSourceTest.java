package io.sharedinference.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretSourceTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "REMOTE_INFERENCE_API_URL,  REMOTE_INFERENCE_API_TOKEN",
        "remote-inference-api-url,  remote-inference-api-token",
        "remoteInferenceApiUrl,     remoteInferenceApiToken",
        "remote_inference_api_url,  REMOTE-INFERENCE-API-TOKEN",
    })
    void withoutADirectoryTheKeysAreEnvironmentVariables(String url, String token) throws IOException {
        SecretSource source =
                SecretSource.of(directory.resolve("missing"), Map.of(url, "http://h", token, "t", "PATH", "/bin"));
        assertEquals(new SecretContent("http://h", "t", Optional.empty()), source.read());
        assertTrue(source.name().contains("a changed token needs a restart"), source.name());
    }

    @Test
    void theMountedDirectoryHasPrecedence() throws IOException {
        Files.writeString(directory.resolve(MountedSecret.URL), "http://mounted");
        Files.writeString(directory.resolve(MountedSecret.TOKEN), "t");
        SecretSource source = SecretSource.of(directory, Map.of("REMOTE_INFERENCE_API_URL", "http://h"));
        assertEquals("http://mounted", source.read().url());
    }

    @Test
    void missingVariablesAreReportedByName() {
        SecretSource source = SecretSource.of(
                directory.resolve("missing"),
                Map.of("REMOTE_INFERENCE_API_URL", "http://h", "REMOTE_INFERENCE_API_TOKEN", " "));
        assertEquals(
                "REMOTE_INFERENCE_API_TOKEN",
                assertThrows(NoSuchFileException.class, source::read).getMessage());
        assertTrue(source.fix().contains("set REMOTE_INFERENCE_API_URL and REMOTE_INFERENCE_API_TOKEN"), source.fix());
    }

    @Test
    void withoutAnySourceTheFixMentionsBoth() {
        SecretSource source = SecretSource.of(directory.resolve("missing"), Map.of());
        assertThrows(NoSuchFileException.class, source::read);
        assertTrue(source.fix().contains(directory.resolve("missing").toString())
                && source.fix().contains("REMOTE_INFERENCE_API_TOKEN"));
    }

    @Test
    void itsContentIsRedacted() {
        assertFalse(new SecretContent("http://h", "hush", Optional.empty())
                .toString()
                .contains("hush"));
    }
}
