package io.sharedinference.proxy.auth;

import java.util.Optional;

/** What the tenant's IAM says about a token. */
public sealed interface Decision {
    /** A user of this tenant with every required permission; service users have no email. */
    record Allowed(String subject, Optional<String> email) implements Decision {
    }

    /** The IAM doesn't know the token. */
    record Unauthenticated() implements Decision {
    }

    /** A known user who lacks a required permission. */
    record Denied(String subject) implements Decision {
    }

    /** No answer that could be relied on: never cached, and never a reason to let anybody in. */
    record IamUnavailable(String reason) implements Decision {
    }
}
