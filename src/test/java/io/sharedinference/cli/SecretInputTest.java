package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.StackName;
import io.sharedinference.tenants.SecretSetting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretInputTest {

    @Test
    void readsAllInputForOneKeyAndOneLinePerKeyForSeveral() {
        assertEquals(
                List.of(new SecretSetting("values.tls.key", "a\nb")),
                read("a\nb\n", List.of("shared-inference:values.tls.key"), Map.of()));
        assertEquals(
                List.of(new SecretSetting("one", "1"), new SecretSetting("two", "2")),
                read("1\n2\n", List.of("one", "two"), Map.of()));
    }

    @Test
    void readsAFileWithoutItsFinalLineBreak(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("password"), " p w \n");
        assertEquals(List.of(new SecretSetting("one", " p w ")), read("", List.of(), Map.of("one", file)));
    }

    @Test
    void rejectsAValuePassedAsArgumentWithoutPrintingIt() {
        var message = refused("", List.of("values.password=hunter2"));
        assertTrue(message.contains("values.password has a value as an argument"), message);
        assertFalse(message.contains("hunter2"), message);
    }

    @Test
    void rejectsTooFewLinesAndEmptyValues() {
        assertTrue(refused("1\n", List.of("one", "two")).contains("1 lines for 2 keys"));
        assertTrue(refused("\n", List.of("one")).contains("the value of one is empty"));
    }

    private static String refused(String input, List<String> keys) {
        return assertThrows(CommandException.class, () -> read(input, keys, Map.of()))
                .getMessage();
    }

    private static List<SecretSetting> read(String input, List<String> keys, Map<String, Path> files) {
        return new SecretInput(Optional.empty(), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
                .read(new StackName("organization", "shared-inference", "tenant1"), keys, files);
    }
}
