package io.sharedinference.proxy.upstream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The tenant's token for the shared API in visible ASCII; redacted in {@code toString}. Immutable. */
final class ServiceToken {
    private final byte[] bytes;

    private ServiceToken(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if the string is not valid in a header field */
    static ServiceToken parse(String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        if (!token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "contains characters that are not allowed in a token (spaces, line breaks or non-ASCII)");
        }
        return new ServiceToken(token.getBytes(StandardCharsets.US_ASCII));
    }

    /** What follows {@code Authorization: }. */
    byte[] credentials() {
        return ("Bearer " + new String(bytes, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
    }

    /** The first sixteen hexadecimal digits of the SHA-256, as the deployer shows them. */
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
