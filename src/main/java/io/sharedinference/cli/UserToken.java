package io.sharedinference.cli;

import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
        } catch (InvalidPathException | IOException e) {
            // without the name and the cause: whoever gave the token itself would have it shown
            throw new CommandException("the file with the user's token " + reason(e)
                    + ".\nFix: give --token-file the path of a file, or --token-dir a directory with a file per stack."
                    + " Never give the token itself: everybody on this machine can read arguments.");
        }
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException || e instanceof InvalidPathException
                ? "doesn't exist"
                : "can't be read: "
                        + (e instanceof AccessDeniedException ? "permission denied" : "it is no regular file");
    }

    private static Token token(String source, String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new CommandException("the user's token in " + source + " is empty.\nFix: write the token into it.");
        }
        if (!token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new CommandException(
                    "the user's token in " + source + " contains a space, a line break or a character"
                            + " that no token has.\nFix: check that it is the right file.");
        }
        return Token.of(token);
    }
}
