package io.sharedinference.proxy.relay;

/**
 * What the relay needs to know of a request.
 *
 * @param path the beginning of the target without its query, for the log
 * @param open whether it is answered without a token
 * @param persistent whether the client may send another request on the same connection
 * @param body how the request's body is framed
 * @param bodyUncertain whether it has a body that its method gives no meaning, so that the shared API may take it for the
 *     next request (RFC 9110, 9.3.1)
 * @param bodyTooLarge whether more is announced than may be sent
 * @param traceHigh the first half of its trace's id; without a trace both are zero
 */
record RequestHead(
        String method,
        String path,
        boolean open,
        boolean persistent,
        boolean http11,
        boolean expectsContinue,
        Body body,
        boolean bodyUncertain,
        boolean bodyTooLarge,
        long traceHigh,
        long traceLow) {

    boolean isHead() {
        return method.equals("HEAD");
    }
}
