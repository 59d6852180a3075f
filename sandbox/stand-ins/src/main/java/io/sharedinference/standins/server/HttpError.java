package io.sharedinference.standins.server;

/** A call that fails, with the HTTP status, error code and description of its response. */
public final class HttpError extends RuntimeException {
    private final int status;
    private final String code;

    public HttpError(int status, String code, String description) {
        super(description);
        this.status = status;
        this.code = code;
    }

    /** No token, or an unknown one. */
    public static HttpError unauthenticated() {
        return new HttpError(401, "unauthenticated", "Invalid token");
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
