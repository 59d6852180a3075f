package io.sharedinference.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** A service user's token. Its string form is redacted, and it is compared in constant time. */
public final class Token {

    private static final int FINGERPRINT_DIGITS = 16;

    private final String value;

    private Token(String value) {
        this.value = value;
    }

    /**
     * Surrounding white space is removed, since files and commands often add a line break.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public static Token of(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a token must not be blank");
        }
        return new Token(value.strip());
    }

    /** The token in plain text; only for the code that passes it on. */
    public String reveal() {
        return value;
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The first 16 hexadecimal digits of its SHA-256: they distinguish tokens, and are not secret. */
    public String fingerprint() {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, FINGERPRINT_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Token token
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), token.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return fingerprint().hashCode();
    }

    @Override
    public String toString() {
        return "[redacted token " + fingerprint() + "]";
    }
}
