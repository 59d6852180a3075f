package io.sharedinference.proxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** A client's token in visible ASCII; redacted in {@code toString}. Immutable. */
public final class BearerToken {
    private final byte[] bytes;

    /** Copies the range; the caller has checked that it is visible ASCII. */
    public BearerToken(byte[] source, int from, int to) {
        this.bytes = Arrays.copyOfRange(source, from, to);
    }

    /** In bytes. */
    public int length() {
        return bytes.length;
    }

    void updateDigest(MessageDigest digest) {
        digest.update(bytes);
    }

    String authorization() {
        return "Bearer " + new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Compared in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof BearerToken token && MessageDigest.isEqual(bytes, token.bytes);
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "BearerToken[redacted]";
    }
}
