package io.sharedinference.cli;

import io.sharedinference.project.StackFiles;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** Completion candidates: the stacks that have a file in the project. */
final class StackNames implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        var project = Stream.of("SHARED_INFERENCE_PROJECT", "TENANT_CHECKOUT")
                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream())
                .findFirst()
                .orElse(".");
        return StackFiles.in(Path.of(project)).stacks().iterator();
    }
}
