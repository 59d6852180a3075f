package io.sharedinference.proxy.http;

/**
 * What the relay needs to know of a request.
 *
 * @param path the beginning of the target without its query, for the log
 * @param persistent whether the client may send another request on the same connection
 * @param body how the request's body is framed
 * @param bodyUncertain whether it has a body that its method gives no meaning, so that the shared API may take it for the
 *     next request (RFC 9110, 9.3.1)
 * @param bodyTooLarge whether more is announced than may be sent
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
