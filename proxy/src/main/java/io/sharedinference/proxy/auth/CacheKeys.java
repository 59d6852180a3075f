package io.sharedinference.proxy.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongSupplier;

/** Computes cache keys: SHA-256 over everything that a decision depends on. Thread-safe. */
final class CacheKeys {
    private final MessageDigest begun;
    private final LongSupplier generation;

    /** A new {@code generation} invalidates all keys. */
    CacheKeys(byte[] checkUserBody, LongSupplier generation) {
        this.begun = sha256();
        this.generation = generation;
        begun.update(checkUserBody);
    }

    TokenDigest of(BearerToken token) {
        MessageDigest sha256 = copy();
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, generation.getAsLong()));
        token.updateDigest(sha256);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        return new TokenDigest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    private MessageDigest copy() {
        try {
            // cheaper than a new digest; the original no longer changes
            return (MessageDigest) begun.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 is not cloneable", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the platform has no SHA-256", e);
        }
    }
}
