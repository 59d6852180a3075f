package io.sharedinference.image;

/** The proxy image cannot be resolved or built. The message states the cause and the fix, and contains no credentials. */
public final class ImageException extends RuntimeException {

    ImageException(String problem, String fix) {
        super(problem + "\nFix: " + fix);
    }

    ImageException(String problem, String fix, Throwable cause) {
        super(problem + "\nFix: " + fix, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}
