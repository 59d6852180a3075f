package io.sharedinference.proxy.http;

/**
 * What the relay needs to know of an answer.
 *
 * @param body how the answer's body is framed
 * @param persistent whether the shared API keeps the connection for another request
 */
public record Response(int status, Body body, boolean persistent, boolean http11) {
    /** Whether the real answer is still to come. */
    public boolean interim() {
        return status < 200;
    }

    public boolean endsWithClose() {
        return body instanceof Body.UntilClose;
    }
}
