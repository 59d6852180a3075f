package io.sharedinference.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares text with golden files. To update them, run with GOLDEN=write and review the diff. */
public final class Golden {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private Golden() {}

    /** @param name of the golden file without its extension */
    public static void assertText(String name, String text) throws IOException {
        var file = DIRECTORY.resolve(name + ".md");
        if ("write".equals(System.getenv("GOLDEN"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text);
    }
}
