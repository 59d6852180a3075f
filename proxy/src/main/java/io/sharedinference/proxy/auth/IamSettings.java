package io.sharedinference.proxy.auth;

import java.net.URI;
import java.time.Duration;

/**
 * How to call the IAM and how long to cache its decisions.
 *
 * @param url the IAM's base URL; {@code check_user} is appended
 * @param permissions the permissions that a user must have, as check_user expects them; {@code []} requires authentication only
 * @param allowTtl how long an allowed decision is cached: the longest time until a revocation takes effect
 * @param denyTtl how long a rejection is cached
 * @param callTimeout limit on one call, from connecting to the last byte
 * @param cacheSize maximum number of cached decisions
 */
public record IamSettings(
        URI url,
        RequiredPermissions permissions,
        Duration allowTtl,
        Duration denyTtl,
        Duration callTimeout,
        int cacheSize) {

    /** After this time, no call is running and no decision is valid. */
    Duration maxLifetime() {
        Duration ttl = allowTtl.compareTo(denyTtl) > 0 ? allowTtl : denyTtl;
        return ttl.plus(callTimeout.multipliedBy(2));
    }
}
