package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserTokenTest {

    private static final InputStream NOTHING = InputStream.nullInputStream();

    @TempDir
    Path directory;

    @Test
    void prefersTheFileAndStripsItsLineBreak() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "from-file\n");
        assertEquals(
                "from-file",
                UserToken.find(Optional.of(file.toString()), NOTHING, Map.of(UserToken.VARIABLE, "other"))
                        .orElseThrow()
                        .reveal());
    }

    @Test
    void readsStandardInputForADash() {
        InputStream input = new ByteArrayInputStream("piped\r\n".getBytes(StandardCharsets.UTF_8));
        assertEquals("piped", UserToken.read("-", input).reveal());
    }

    @Test
    void readsTheEnvironmentWithoutAFile() {
        assertEquals(
                "set",
                UserToken.find(Optional.empty(), NOTHING, Map.of(UserToken.VARIABLE, "set"))
                        .orElseThrow()
                        .reveal());
    }

    @Test
    void ignoresABlankVariable() {
        assertTrue(UserToken.find(Optional.empty(), NOTHING, Map.of(UserToken.VARIABLE, " "))
                .isEmpty());
    }

    /** The name may be the token itself, passed by mistake. */
    @Test
    void rejectsAMissingFileWithoutPrintingItsName() {
        String message = assertThrows(CommandException.class, () -> UserToken.read("s3cr3t", NOTHING))
                .getMessage();
        assertTrue(message.contains("does not exist") && message.contains("--token-file"), message);
        assertFalse(message.contains("s3cr3t"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "tok en", "tok\nen", "tøken", "tok\u0000en"})
    void rejectsInvalidTokensWithoutPrintingThem(String content) {
        InputStream input = new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        String message = assertThrows(CommandException.class, () -> UserToken.read("-", input))
                .getMessage();
        assertTrue(message.contains("standard input"), message);
        assertFalse(message.contains("tok\n") || message.contains("tok en") || message.contains("tøken"), message);
    }
}
