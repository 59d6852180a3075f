package io.sharedinference.verify;

/** The verification can't begin; the message says why and what to do. A hop that fails is no exception but a result. */
public final class VerificationException extends RuntimeException {

    VerificationException(String message, Throwable cause) {
        super(message, cause);
    }
}
