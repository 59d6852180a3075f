package io.sharedinference.standins.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A bearer token: never printed, compared in constant time. */
public final class Token {
    private final String value;

    /** @throws IllegalArgumentException when the value is blank */
    public Token(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a token is blank");
        }
        this.value = value;
    }

    public boolean matches(Token other) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
    }

    /** The value of an Authorization header. */
    public String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "Token[redacted]";
    }
}
