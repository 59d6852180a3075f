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

/** Reads a user's token. Never from an argument: all users of the machine can list those. */
final class UserToken {

    static final String VARIABLE = "TENANT_USER_TOKEN";
    private static final String STANDARD_INPUT = "-";

    private UserToken() {}

    /** The token that was passed; an invalid one is a {@link CommandException}. */
    static Optional<Token> find(Optional<String> file, InputStream standardInput, Map<String, String> environment) {
        return file.map(path -> read(path, standardInput))
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
            // without name and cause, which may be the token itself, passed by mistake
            throw new CommandException("cannot read the file with the user's token: " + reason(e)
                    + ".\nFix: pass the path of a file with --token-file, or a directory with a file per stack with --token-dir."
                    + " Never pass the token itself: all users of this machine can read arguments.");
        }
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException || e instanceof InvalidPathException
                ? "it does not exist"
                : e instanceof AccessDeniedException ? "permission denied" : "it is not a regular file";
    }

    private static Token token(String source, String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new CommandException("the user's token in " + source + " is empty.\nFix: write the token to it.");
        }
        if (!token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new CommandException("the user's token in " + source
                    + " is invalid: it contains a space, a line break or a character that"
                    + " is not allowed.\nFix: check that it is the right file.");
        }
        return Token.of(token);
    }
}
