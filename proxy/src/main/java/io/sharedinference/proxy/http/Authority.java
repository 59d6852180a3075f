package io.sharedinference.proxy.http;

import java.nio.charset.StandardCharsets;

/** HostResolver of servers, as Host and targets in absolute form have them. */
final class Authority {
    private static final byte[][] SCHEMES = {
        "http://".getBytes(StandardCharsets.US_ASCII), "https://".getBytes(StandardCharsets.US_ASCII)};

    private Authority() {
    }

    /** Whether a Host's value can be one; it may be empty. */
    static boolean valid(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.visible(bytes[i]) || ",/?#@\\".indexOf(bytes[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Where a target's path begins. Before it may stand a scheme and an authority, which every server has to take
     * (RFC 9112, 3.2.2); both give way to the shared API's, like a Host.
     */
    static int pathStart(byte[] bytes, int from, int to) throws ProtocolException {
        for (byte[] scheme : SCHEMES) {
            int start = from + scheme.length;
            if (start <= to && Ascii.equalsLowerCase(bytes, from, start, scheme)) {
                return end(bytes, start, to);
            }
        }
        return from;
    }

    private static int end(byte[] bytes, int from, int to) throws ProtocolException {
        int at = from;
        while (at < to && bytes[at] != '/') {
            at++;
        }
        if (at == from || at == to || !valid(bytes, from, at)) {
            throw new ProtocolException("the target must be a path, or http://host and a path");
        }
        return at;
    }
}
