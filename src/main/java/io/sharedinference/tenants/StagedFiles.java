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

/** The project's files as they would become, in a directory of their own: checked there before one of them is touched. */
final class StagedFiles implements AutoCloseable {

    private final Path directory;
    private final Project project;

    private StagedFiles(Path directory, Project project) {
        this.directory = directory;
        this.project = project;
    }

    static StagedFiles of(Project project) {
        try {
            var directory = Files.createTempDirectory("staged"); // for its owner alone
            var staged = new StagedFiles(directory, project.with(directory));
            try (var files = Files.newDirectoryStream(project.files().directory(), "Pulumi*.yaml")) {
                for (var file : files) {
                    Files.copy(file, directory.resolve(file.getFileName()));
                }
            }
            return staged;
        } catch (IOException e) {
            throw new UncheckedIOException("the stack files can't be copied for a check", e);
        }
    }

    Project project() {
        return project;
    }

    void write(String stack, String text) {
        try {
            Files.writeString(project.files().file(stack), text);
        } catch (IOException e) {
            throw new UncheckedIOException("the stack files can't be copied for a check", e);
        }
    }

    void edit(String stack, UnaryOperator<YamlText> edit) {
        write(stack, project.files().editable(stack).edited(edit));
    }

    /** As if it were set: only that it will be there counts for the rules. */
    void secret(String stack, SecretSetting secret) {
        edit(stack, text -> {
            var path = project.files().path(text, secret.key());
            if (secret.path().equals(secret.key())) {
                return text.set(path, Map.of("secure", "staged"));
            }
            return text.value(path).isPresent() ? text : text.set(path, Map.of());
        });
    }

    /** @throws io.sharedinference.project.ConfigException with all that is wrong with the stack */
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
