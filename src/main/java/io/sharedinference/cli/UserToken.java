package io.sharedinference.cli;

import io.sharedinference.release.Token;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a user's token may come from. Never an argument: everybody on the machine can list those. */
final class UserToken {

    static final String VARIABLE = "TENANT_USER_TOKEN";
    private static final String STANDARD_INPUT = "-";

    private UserToken() {}

    /** Empty when nobody gave one. @throws CommandException if what was given holds none */
    static Optional<Token> find(Optional<String> file, InputStream standardInput, Map<String, String> environment) {
        return file.map(named -> read(named, standardInput))
                .or(() -> Optional.ofNullable(environment.get(VARIABLE))
                        .filter(value -> !value.isBlank())
                        .map(value -> token(VARIABLE, value)));
    }

    static Token read(String file, InputStream standardInput) {
        return token(file.equals(STANDARD_INPUT) ? "standard input" : file, content(file, standardInput));
    }

    private static String content(String file, InputStream standardInput) {
        try {
            byte[] bytes =
                    file.equals(STANDARD_INPUT) ? standardInput.readAllBytes() : Files.readAllBytes(Path.of(file));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new CommandException("--token-file " + file + " doesn't exist.", e);
        } catch (IOException e) {
            throw new CommandException("--token-file " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static Token token(String source, String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new CommandException("the user's token in " + source + " is empty.");
        }
        if (!token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new CommandException("the user's token in " + source + " holds a space, a line break or a character"
                    + " that no token has. Is it the right file?");
        }
        return Token.of(token);
    }
}
