package io.sharedinference.proxy.http;

import java.nio.charset.StandardCharsets;

/** Authorities in Host fields and in request targets in absolute form. */
final class Authority {
    private static final byte[][] SCHEMES = {
        "http://".getBytes(StandardCharsets.US_ASCII), "https://".getBytes(StandardCharsets.US_ASCII)
    };

    private Authority() {}

    /** Whether this is a valid value of a Host field. It may be empty. */
    static boolean valid(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.visible(bytes[i]) || ",/?#@\\".indexOf(bytes[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Where a request target's path begins. Servers must accept the absolute form (RFC 9112, 3.2.2), whose scheme and
     * authority the proxy replaces, as it replaces the Host.
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
            throw new ProtocolException("the request target must be a path, or http://host followed by a path");
        }
        return at;
    }
}
