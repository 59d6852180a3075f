package io.sharedinference.verify;

/** Ends a verification at the failed hop. */
class HopException extends Exception {

    private final Hop hop;
    private final String fix;

    HopException(Hop hop, String detail, String fix) {
        super(detail);
        this.hop = hop;
        this.fix = fix;
    }

    Hop hop() {
        return hop;
    }

    String fix() {
        return fix;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}
