package io.sharedinference.proxy.auth;

/** The cache's key, from which the token can't be had back: a SHA-256 digest, see {@link CacheKeys}. */
record TokenDigest(long a, long b, long c, long d) {
}
