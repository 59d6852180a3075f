package io.sharedinference.standins.server;

/** A call that isn't served, with the HTTP status, the error code and the description that the client gets. */
public final class Refusal extends RuntimeException {
    private final int status;
    private final String code;

    public Refusal(int status, String code, String description) {
        super(description);
        this.status = status;
        this.code = code;
    }

    /** No token, or one that nobody holds. */
    public static Refusal unauthenticated() {
        return new Refusal(401, "unauthenticated", "Invalid token");
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
