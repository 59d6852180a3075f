package io.sharedinference.pulumi;

/** A Pulumi command that failed; the message has the command, the cause and the fix. */
public final class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EngineException(String message) {
        super(message);
    }

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}
