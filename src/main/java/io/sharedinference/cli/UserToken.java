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

    static Token read(Optional<String> file, InputStream standardInput, Map<String, String> environment) {
        Optional<String> variable =
                Optional.ofNullable(environment.get(VARIABLE)).filter(value -> !value.isBlank());
        if (file.isPresent()) {
            String source = file.get().equals(STANDARD_INPUT) ? "standard input" : file.get();
            return token(source, content(file.get(), standardInput));
        }
        return token(
                VARIABLE,
                variable.orElseThrow(() -> new CommandException("no user's token. Give the token of one of"
                        + " the tenant's users with --token-file FILE, on standard input with --token-file -, or in "
                        + VARIABLE + ".")));
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
