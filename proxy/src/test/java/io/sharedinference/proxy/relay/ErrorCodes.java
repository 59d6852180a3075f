package io.sharedinference.proxy.relay;

import java.util.Arrays;
import java.util.List;

/** The proxy's error codes, for tests of other packages. */
public final class ErrorCodes {
    private ErrorCodes() {}

    public static List<String> all() {
        return Arrays.stream(ProxyError.values()).map(ProxyError::code).toList();
    }

    public static String header() {
        return ErrorResponse.HEADER;
    }
}
