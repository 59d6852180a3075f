package io.sharedinference.proxy.relay;

import java.time.Duration;
import java.util.OptionalLong;

/** Limits for tests of the request parser. */
final class Requests {
    private Requests() {}

    static Limits limits() {
        return new Limits(65_536, 8_192, Long.MAX_VALUE, 10, 0, Duration.ofMinutes(1), OptionalLong.empty());
    }
}
