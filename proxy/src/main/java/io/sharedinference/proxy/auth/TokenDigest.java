package io.sharedinference.proxy.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over a token and what is asked of it: the cache's key, from which the token can't be had back. */
record TokenDigest(long a, long b, long c, long d) {
    static TokenDigest of(byte[] question, BearerToken token) {
        MessageDigest sha256 = sha256();
        sha256.update(question);
        token.updateDigest(sha256);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        return new TokenDigest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
