package io.sharedinference.usage;

/** Cannot read the usage; the message has the cause and the fix. */
public final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
