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
 * Tokens to be revoked, saved until their revocation is confirmed, so that an interrupted run can be continued. They are
 * encrypted with the key of the tenant's stack in a separate file, since the stack file is passed to the program.
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

    /** @throws LifecycleException if they cannot be decrypted: treating that as none would lose them */
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
            throw new LifecycleException("the tokens to be revoked in " + file.getFileName() + " cannot be decrypted: "
                    + e.getMessage().replaceFirst("(?s)\\RFix: .*", "")
                    + "\nFix: set the passphrase or key of stack " + stack
                    + ", then run the same command again; nothing was changed.");
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
