package io.sharedinference.proxy.auth;

/** What the tenant's IAM says about a token. */
public sealed interface Decision {
    /** A user of this tenant with every required permission. */
    record Allowed(String subject) implements Decision {
    }

    /** The IAM rejects the token. */
    record Unauthenticated() implements Decision {
    }

    /** A known user who lacks a required permission. */
    record Denied(String subject) implements Decision {
    }

    /**
     * No answer that could be relied on: never cached, and never a reason to let anybody in.
     *
     * @param reason for the log
     * @param outage whether the IAM as such failed (no connection, a timeout, 5xx), and not the call about this token
     */
    record IamUnavailable(String reason, boolean outage) implements Decision {
    }
}
