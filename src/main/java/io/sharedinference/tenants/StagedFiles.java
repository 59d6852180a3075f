package io.sharedinference.tenants;

import io.sharedinference.project.Problems;
import io.sharedinference.review.StackCheck;
import io.sharedinference.yaml.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Edited copies of the stack files in a temporary directory, to be validated before the originals are written. */
final class StagedFiles implements AutoCloseable {

    private final Path directory;
    private final Project project;

    private StagedFiles(Path directory, Project project) {
        this.directory = directory;
        this.project = project;
    }

    static StagedFiles of(Project project) {
        try {
            var directory = Files.createTempDirectory("staged"); // only readable by its owner
            var staged = new StagedFiles(directory, project.withStackFiles(directory));
            try (var files = Files.newDirectoryStream(project.files().directory(), "Pulumi*.yaml")) {
                for (var file : files) {
                    Files.copy(file, directory.resolve(file.getFileName()));
                }
            }
            return staged;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the stack files for validation", e);
        }
    }

    Project project() {
        return project;
    }

    void write(String stack, String text) {
        try {
            Files.writeString(project.files().file(stack), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the stack files for validation", e);
        }
    }

    void edit(String stack, UnaryOperator<YamlText> edit) {
        write(stack, project.files().editable(stack).edited(edit));
    }

    /** Adds a placeholder: validation only checks that the secret exists. */
    void secret(String stack, SecretSetting secret) {
        edit(stack, text -> {
            var path = project.files().path(text, secret.key());
            if (secret.path().equals(secret.key())) {
                return text.set(path, Map.of("secure", "staged"));
            }
            return text.value(path).isPresent() ? text : text.set(path, Map.of());
        });
    }

    /** @throws io.sharedinference.project.ConfigException with all problems of the stack */
    void check(String stack) {
        var problems = new Problems();
        new StackCheck(project.files(), project.workspace()).problems(stack).forEach(problems::add);
        problems.throwIfAny(stack);
    }

    @Override
    public void close() {
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
