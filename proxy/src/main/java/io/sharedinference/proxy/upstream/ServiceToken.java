package io.sharedinference.proxy.upstream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The tenant's own token for the shared API: visible ASCII, never printed. Immutable. */
final class ServiceToken {
    private final byte[] bytes;

    private ServiceToken(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException when the text can't stand in a header */
    static ServiceToken parse(String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        if (!token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("holds characters that no token has (spaces, line breaks or non-ASCII)");
        }
        return new ServiceToken(token.getBytes(StandardCharsets.US_ASCII));
    }

    /** What follows {@code Authorization: }. */
    byte[] credentials() {
        return ("Bearer " + new String(bytes, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Sixteen hexadecimal digits that tell tokens apart without telling them; the deployer shows the same. */
    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Compared in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceToken token && MessageDigest.isEqual(bytes, token.bytes);
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "ServiceToken[redacted]";
    }
}
