package io.sharedinference.standins.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A bearer token; redacted in {@code toString}. */
public final class Token {
    private final String value;

    /** @throws IllegalArgumentException if the value is blank */
    public Token(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the token is blank");
        }
        this.value = value;
    }

    public byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
