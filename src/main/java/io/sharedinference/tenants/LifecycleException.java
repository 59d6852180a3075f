package io.sharedinference.tenants;

/** A step of a tenant's life that couldn't be taken; the message says why and what to do. */
public final class LifecycleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LifecycleException(String message) {
        super(message);
    }
}
