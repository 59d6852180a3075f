package io.sharedinference.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A copy of this checkout, built, whose sources a test may change; a project's program is run from it. */
record Checkout(Path folder) {

    Checkout(Path folder, Path project) throws IOException {
        this(folder);
        Outcome.of(
                        Sandbox.CHECKOUT,
                        Map.of(),
                        "sh",
                        "-c",
                        "git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents --target-directory \"$1\""
                                + " && mkdir \"$1/target\" && cp -r target/shared-inference.jar target/lib \"$1/target\"",
                        "copy",
                        folder.toString())
                .succeeded();
        var file = project.resolve("Pulumi.yaml");
        Files.writeString(file, Files.readString(file).replaceAll("(?m)^main: .*$", "main: " + folder));
    }

    /** Changes a source without changing what it does. */
    void change(String file) throws IOException {
        Files.writeString(folder.resolve(file), "// changed\n", StandardOpenOption.APPEND);
    }
}
