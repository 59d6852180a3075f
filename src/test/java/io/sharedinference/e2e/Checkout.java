package io.sharedinference.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A built copy of this checkout whose sources a test may change; the project's program runs from it. */
record Checkout(Path directory) {

    Checkout(Path directory, Path project) throws IOException {
        this(directory);
        Outcome.of(
                        Sandbox.CHECKOUT,
                        Map.of(),
                        "sh",
                        "-c",
                        "git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents --target-directory \"$1\""
                                + " && mkdir \"$1/target\" && cp -r target/shared-inference.jar target/lib \"$1/target\"",
                        "copy",
                        directory.toString())
                .succeeded();
        var file = project.resolve("Pulumi.yaml");
        Files.writeString(file, Files.readString(file).replaceAll("(?m)^main: .*$", "main: " + directory));
    }

    /** Changes a source file without changing its behavior. */
    void change(String file) throws IOException {
        Files.writeString(directory.resolve(file), "// changed\n", StandardOpenOption.APPEND);
    }
}
