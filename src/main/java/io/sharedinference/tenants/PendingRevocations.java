package io.sharedinference.tenants;

import io.sharedinference.pulumi.EngineException;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tokens that a command is about to take out of use, kept until they are proven dead: once they are, nothing else knows
 * them, and a run that was killed before the proof couldn't be made good. Encrypted with the tenant's stack's key in a file
 * of its own, since a stack's own file is handed to its program.
 */
final class PendingRevocations {

    private static final String KEY = "shared-inference-retiring:tokens";

    private final Project project;
    private final String stack;
    private final Path file;

    PendingRevocations(Project project, String stack) {
        this.project = project;
        this.stack = stack;
        this.file = project.files().file(stack).resolveSibling("retiring." + stack + ".yaml");
    }

    /** @throws LifecycleException if they are there and can't be read: to take that for none would lose them */
    List<Token> tokens() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return project.engine().decryptFromFile(stack, file, KEY).stream()
                    .flatMap(text -> Arrays.stream(text.split("\\s+")))
                    .map(Token::of)
                    .toList();
        } catch (EngineException e) {
            throw new LifecycleException("the tokens to be revoked, in " + file.getFileName() + ", can't be read: "
                    + e.getMessage() + "\nFix: correct this, then run the same command again; nothing was touched.");
        }
    }

    void save(List<Token> tokens) {
        try (var lines = Files.lines(project.files().file(stack))) {
            Files.writeString(
                    file,
                    lines.filter(line -> line.matches("(encryptionsalt|encryptedkey|secretsprovider):.*"))
                            .collect(Collectors.joining("\n", "", "\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        project.engine()
                .encryptToFile(
                        stack, file, KEY, tokens.stream().map(Token::reveal).collect(Collectors.joining("\n")));
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
