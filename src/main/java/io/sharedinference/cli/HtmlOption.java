package io.sharedinference.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The option of commands that can write a page instead of printing a table. */
final class HtmlOption {

    @Option(names = "--html", paramLabel = "FILE", description = "Write a self-contained HTML page instead of printing")
    private Optional<Path> file;

    boolean isPresent() {
        return file.isPresent();
    }

    /** Writes the page, or prints the text if no file is specified. */
    void write(Supplier<String> page, Supplier<String> text, PrintWriter out) {
        file.ifPresentOrElse(
                path -> {
                    write(path, page.get());
                    out.println("Wrote " + path + ".");
                },
                () -> out.print(text.get()));
        out.flush();
    }

    private static void write(Path path, String page) {
        try {
            Files.writeString(path, page);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write the page to " + path + ": "
                            + e.getClass().getSimpleName()
                            + ".\nFix: pass a file in a writable directory with --html FILE.",
                    e);
        }
    }
}
