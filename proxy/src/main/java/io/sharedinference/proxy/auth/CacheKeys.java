package io.sharedinference.proxy.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongSupplier;

/** Makes the cache's keys: SHA-256 over all that a decision depends on. Thread-safe. */
final class CacheKeys {
    private final MessageDigest begun;
    private final LongSupplier generation;

    /** A new {@code generation} makes all that is known unknown. */
    CacheKeys(byte[] question, LongSupplier generation) {
        this.begun = sha256();
        this.generation = generation;
        begun.update(question);
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
            // cheaper than a new one, and nothing changes the original any more
            return (MessageDigest) begun.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own SHA-256 can be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
