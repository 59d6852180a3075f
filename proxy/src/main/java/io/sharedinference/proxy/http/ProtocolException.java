package io.sharedinference.proxy.http;

/** A message that violates HTTP, or uses what is not supported. Without a stack trace: hostile input is not a bug. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong with the message. */
    public enum Reason {
        MALFORMED,
        BODY_TOO_LARGE,
        HEADER_TOO_LARGE,
        EXPECTATION_FAILED,
        NOT_IMPLEMENTED,
        VERSION_NOT_SUPPORTED
    }

    private final Reason reason;

    /** The {@code description} is shown to the sender. */
    public ProtocolException(Reason reason, String description) {
        super(description, null, false, false);
        this.reason = reason;
    }

    /** For malformed messages. */
    public ProtocolException(String description) {
        this(Reason.MALFORMED, description);
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage()); // never null: each has one
    }
}
