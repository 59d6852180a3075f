package io.sharedinference.proxy.auth;

/** A cache key that does not reveal the token: a SHA-256 digest, see {@link CacheKeys}. */
record TokenDigest(long a, long b, long c, long d) {}
