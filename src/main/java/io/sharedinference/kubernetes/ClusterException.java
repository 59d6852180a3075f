package io.sharedinference.kubernetes;

/** A cluster that can't be asked; the message says which, why and what to do. */
public final class ClusterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClusterException(String message) {
        super(message);
    }

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
