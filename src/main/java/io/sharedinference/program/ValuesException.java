package io.sharedinference.program;

/** An invalid values file. The message states position and cause, and quotes only keys. */
final class ValuesException extends Exception {

    ValuesException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}
