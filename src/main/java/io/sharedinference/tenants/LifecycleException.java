package io.sharedinference.tenants;

/** A step of the tenant lifecycle that failed; the message has the cause and the fix. */
public final class LifecycleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LifecycleException(String message) {
        super(message);
    }
}
