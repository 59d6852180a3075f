package io.sharedinference.proxy.auth;

import java.net.URI;
import java.time.Duration;

/**
 * Where the IAM is and how long its word holds.
 *
 * @param url the IAM's base, {@code check_user} is below it
 * @param permissions what a user needs, as check_user takes it; {@code []} asks for authentication only
 * @param allowTtl how long an allowed token stays allowed without asking again: the revocation delay
 * @param denyTtl how long a rejected token stays rejected
 * @param callTimeout how long one call may take from connect to the last byte
 * @param cacheSize how many tokens are remembered at most
 */
public record IamSettings(
        URI url, RequiredPermissions permissions, Duration allowTtl, Duration denyTtl, Duration callTimeout,
        int cacheSize) {

    /** After so long no question is open and no answer holds. */
    Duration longestUse() {
        Duration ttl = allowTtl.compareTo(denyTtl) > 0 ? allowTtl : denyTtl;
        return ttl.plus(callTimeout.multipliedBy(2));
    }
}
