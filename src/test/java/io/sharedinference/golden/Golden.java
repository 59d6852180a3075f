package io.sharedinference.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts as people read them, kept as files. To see one anew after a change on purpose: run with GOLDEN=write, then look at the diff. */
public final class Golden {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private Golden() {}

    /** @param name below the directory of golden texts, without its ending */
    public static void assertText(String name, String text) throws IOException {
        var file = DIRECTORY.resolve(name + ".md");
        if ("write".equals(System.getenv("GOLDEN"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text);
    }
}
