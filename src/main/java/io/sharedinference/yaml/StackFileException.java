package io.sharedinference.yaml;

/** A stack file that cannot be edited, and was left as it was; the message says why and what to do. */
public final class StackFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StackFileException(String message, Throwable cause) {
        super(message, cause);
    }

    StackFileException(String message) {
        super(message);
    }
}
