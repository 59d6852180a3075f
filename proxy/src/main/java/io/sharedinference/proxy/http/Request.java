package io.sharedinference.proxy.http;

/**
 * A parsed request line and header section.
 *
 * @param path the target without its query, truncated, for the log
 * @param persistent whether the client may reuse its connection
 * @param body the framing of its body
 * @param bodyUncertain whether its method defines no body but it has one, which a server may parse as the next request
 *     (RFC 9110, 9.3.1)
 * @param bodyTooLarge whether its Content-Length exceeds the limit
 */
public record Request(
        String method,
        String path,
        boolean persistent,
        boolean http11,
        boolean expectsContinue,
        Body body,
        boolean bodyUncertain,
        boolean bodyTooLarge) {

    public boolean isHead() {
        return method.equals("HEAD");
    }
}
