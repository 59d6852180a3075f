package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.http.ProtocolException;

/** The errors that the proxy itself reports, with HTTP status and code. */
enum ProxyError {
    UNAUTHENTICATED(401, "Unauthorized", "unauthenticated", "WWW-Authenticate: Bearer\r\n"),
    PERMISSION_DENIED(403, "Forbidden", "permission_denied", ""),
    BAD_REQUEST(400, "Bad Request", "bad_request", ""),
    REQUEST_TIMEOUT(408, "Request Timeout", "request_timeout", ""),
    BODY_TOO_LARGE(413, "Content Too Large", "body_too_large", ""),
    EXPECTATION_FAILED(417, "Expectation Failed", "expectation_failed", ""),
    RATE_LIMITED(429, "Too Many Requests", "rate_limited", ""),
    HEAD_TOO_LARGE(431, "Request Header Fields Too Large", "head_too_large", ""),
    NOT_IMPLEMENTED(501, "Not Implemented", "not_implemented", ""),
    SHARED_API_UNREACHABLE(502, "Bad Gateway", "shared_api_unreachable", ""),
    SHARED_API_PROTOCOL_ERROR(502, "Bad Gateway", "shared_api_protocol_error", ""),
    IAM_UNREACHABLE(503, "Service Unavailable", "iam_unreachable", "Retry-After: 1\r\n"),
    SECRET_UNAVAILABLE(503, "Service Unavailable", "secret_unavailable", "Retry-After: 5\r\n"),
    TOO_MANY_CONNECTIONS(503, "Service Unavailable", "too_many_connections", "Retry-After: 5\r\n"),
    OVERLOADED(503, "Service Unavailable", "overloaded", "Retry-After: 1\r\n"),
    SHARED_API_TIMEOUT(504, "Gateway Timeout", "shared_api_timeout", ""),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported", "version_not_supported", "");

    private final int status;
    private final String reason;
    private final String code;
    private final String headers;

    ProxyError(int status, String reason, String code, String headers) {
        this.status = status;
        this.reason = reason;
        this.code = code;
        this.headers = headers;
    }

    /** For requests that violate HTTP. */
    static ProxyError of(ProtocolException e) {
        return switch (e.reason()) {
            case MALFORMED -> BAD_REQUEST;
            case BODY_TOO_LARGE -> BODY_TOO_LARGE;
            case HEADER_TOO_LARGE -> HEAD_TOO_LARGE;
            case EXPECTATION_FAILED -> EXPECTATION_FAILED;
            case NOT_IMPLEMENTED -> NOT_IMPLEMENTED;
            case VERSION_NOT_SUPPORTED -> VERSION_NOT_SUPPORTED;
        };
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    String code() {
        return code;
    }

    /** Additional header lines, each with its CRLF. */
    String headers() {
        return headers;
    }
}
