package io.sharedinference.proxy.telemetry;

import java.util.Locale;

/** Why the token usage of a response is unknown, although {@code STREAM_USAGE} is on. */
public enum Uncounted {
    /** The request's body is larger than the limit on bodies that are changed. */
    BODY_TOO_LARGE,
    /** The request or the response is compressed. */
    COMPRESSED,
    /** The request's body is not JSON. */
    NOT_JSON,
    /** The client has set stream options of its own. */
    STREAM_OPTIONS,
    /** The response ended early, or the client disconnected. */
    INTERRUPTED,
    /** The shared API reported no usage. */
    NOT_REPORTED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
