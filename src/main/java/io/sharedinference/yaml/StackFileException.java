package io.sharedinference.yaml;

/** A stack file cannot be edited, and is unchanged; the message has the cause and the fix. */
public final class StackFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StackFileException(String message, Throwable cause) {
        super(message, cause);
    }

    StackFileException(String message) {
        super(message);
    }
}
