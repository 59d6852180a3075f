package io.sharedinference.lifecycle;

import io.sharedinference.check.StackCheck;
import io.sharedinference.config.Problems;
import io.sharedinference.stackfile.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The project's files as they would become, in a directory of their own: checked there before one of them is touched. */
final class StagedFiles implements AutoCloseable {

    private final Path directory;
    private final Place place;

    private StagedFiles(Path directory, Place place) {
        this.directory = directory;
        this.place = place;
    }

    static StagedFiles of(Place place) {
        try {
            var directory = Files.createTempDirectory("staged"); // for its owner alone
            var staged = new StagedFiles(directory, place.with(directory));
            try (var files = Files.newDirectoryStream(place.files().folder(), "Pulumi*.yaml")) {
                for (var file : files) {
                    Files.copy(file, directory.resolve(file.getFileName()));
                }
            }
            return staged;
        } catch (IOException e) {
            throw new UncheckedIOException("the stack files can't be copied for a check", e);
        }
    }

    Place place() {
        return place;
    }

    void write(String stack, String text) {
        try {
            Files.writeString(place.files().file(stack), text);
        } catch (IOException e) {
            throw new UncheckedIOException("the stack files can't be copied for a check", e);
        }
    }

    void edit(String stack, UnaryOperator<YamlText> edit) {
        write(stack, place.files().editable(stack).edited(edit));
    }

    /** As if it were set: only that it will be there counts for the rules. */
    void secret(String stack, SecretSetting secret) {
        edit(stack, text -> {
            var path = place.files().path(text, secret.key());
            if (secret.path().equals(secret.key())) {
                return text.set(path, Map.of("secure", "staged"));
            }
            return text.value(path).isPresent() ? text : text.set(path, Map.of());
        });
    }

    /** @throws io.sharedinference.config.ConfigException with all that is wrong with the stack */
    void check(String stack) {
        var problems = new Problems();
        new StackCheck(place.files(), place.surroundings()).problems(stack).forEach(problems::add);
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
