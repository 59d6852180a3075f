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

    private static final String KEY = "pending-revocations:tokens";
    /** Of files written before 2026-11-28, named {@code retiring.STACK.yaml}. */
    private static final String FORMER_KEY = "shared-inference-retiring:tokens";

    private final Project project;
    private final String stack;
    private final Path file;
    private final Path formerFile;

    PendingRevocations(Project project, String stack) {
        this.project = project;
        this.stack = stack;
        var stackFile = project.files().file(stack);
        this.file = stackFile.resolveSibling("pending-revocations." + stack + ".yaml");
        this.formerFile = stackFile.resolveSibling("retiring." + stack + ".yaml");
    }

    /** @throws LifecycleException if they cannot be decrypted: treating that as none would lose them */
    List<Token> tokens() {
        return Files.exists(file) ? decrypt(file, KEY) : decrypt(formerFile, FORMER_KEY);
    }

    private List<Token> decrypt(Path file, String key) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return project.engine().decryptFromFile(stack, file, key).stream()
                    .flatMap(text -> Arrays.stream(text.split("\\s+")))
                    .map(Token::of)
                    .toList();
        } catch (EngineException e) {
            throw new LifecycleException("cannot decrypt the tokens to be revoked in " + file.getFileName() + ": "
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
            Files.deleteIfExists(formerFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
