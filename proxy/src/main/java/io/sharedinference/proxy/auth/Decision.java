package io.sharedinference.proxy.auth;

/** The decision of the tenant's IAM about a token. */
public sealed interface Decision {
    /** A user of this tenant with all required permissions. */
    record Allowed(String subject) implements Decision {}

    /** The IAM rejects the token. */
    record Unauthenticated() implements Decision {}

    /** A user without a required permission. */
    record Denied(String subject) implements Decision {}

    /**
     * The IAM made no decision. Never cached; access is denied.
     *
     * @param reason for the log
     * @param outage whether the IAM failed (no connection, timeout, 5xx), not only this call
     */
    record IamUnavailable(String reason, boolean outage) implements Decision {}
}
