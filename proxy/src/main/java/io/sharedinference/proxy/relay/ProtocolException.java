package io.sharedinference.proxy.relay;

/** A message that breaks HTTP's rules, or asks for what isn't offered. Without a stack: hostile input is no bug. */
final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    ProtocolException(Refusal refusal, String description) {
        super(description, null, false, false);
        this.refusal = refusal;
    }

    /** For everything that is plainly malformed. */
    ProtocolException(String description) {
        this(Refusal.BAD_REQUEST, description);
    }

    Refusal refusal() {
        return refusal;
    }
}
