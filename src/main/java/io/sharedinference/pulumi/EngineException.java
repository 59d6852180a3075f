package io.sharedinference.pulumi;

/** A Pulumi command that couldn't be run or failed; the message says which, why and what to do. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineException(String message) {
        super(message);
    }

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
