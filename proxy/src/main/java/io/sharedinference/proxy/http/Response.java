package io.sharedinference.proxy.http;

/**
 * A parsed status line and header section.
 *
 * @param body the framing of its body
 * @param persistent whether the server keeps the connection open
 */
public record Response(int status, Body body, boolean persistent, boolean http11) {
    /** Whether it is a 1xx response, which a final response follows. */
    public boolean interim() {
        return status < 200;
    }

    public boolean endsWithClose() {
        return body instanceof Body.UntilClose;
    }
}
