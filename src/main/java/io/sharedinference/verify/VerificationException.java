package io.sharedinference.verify;

/** The verification cannot start; the message has the cause and the fix. A failed hop is a result, not an exception. */
public final class VerificationException extends RuntimeException {

    VerificationException(String message, Throwable cause) {
        super(message, cause);
    }
}
