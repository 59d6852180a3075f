package io.sharedinference.image;

/** The proxy's image can't be had; the message says which, why, and what to do. It holds no credentials. */
public final class ImageException extends RuntimeException {

    ImageException(String message) {
        super(message);
    }

    ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
