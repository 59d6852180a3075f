package io.sharedinference.proxy.relay;

/**
 * What the relay needs to know of an answer.
 *
 * @param body how the answer's body is framed
 * @param persistent whether the shared API keeps the connection for another request
 */
record ResponseHead(int status, Body body, boolean persistent, boolean http11) {
    /** Whether the real answer is still to come. */
    boolean interim() {
        return status < 200;
    }

    boolean endsWithClose() {
        return body instanceof Body.UntilClose;
    }
}
