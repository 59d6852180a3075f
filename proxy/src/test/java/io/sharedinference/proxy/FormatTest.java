package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the sources for Java 25 with the formatter's result. {@code FORMAT=write} formats them. */
class FormatTest {
    private static final List<Path> DIRECTORIES =
            List.of(Path.of("src"), Path.of("../bench/proxy-src"), Path.of("../sandbox/stand-ins/src"));

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    @Test
    void sourcesAreFormatted() throws Exception {
        boolean write = "write".equals(System.getenv("FORMAT"));
        var unformatted = new ArrayList<Path>();
        for (var file : sources()) {
            var source = Files.readString(file);
            var formatted = format(source);
            if (write) {
                Files.writeString(file, formatted);
            } else if (!source.equals(formatted)) {
                unformatted.add(file);
            }
        }
        assertEquals(List.of(), unformatted, "run: cd proxy && FORMAT=write ../mvnw -q -Dtest=FormatTest test");
    }

    private String format(String source) throws FormatterException {
        return formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(source));
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (var directory : DIRECTORIES) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertFalse(sources.isEmpty());
        return sources;
    }
}
