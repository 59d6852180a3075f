package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.upstream.Transport;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Limits on requests and connections.
 *
 * @param header bytes of a request header section, at most {@link HeaderSectionEnd#MAX_LENGTH}
 * @param token bytes of a client's token
 * @param body bytes of a request body; of a chunked one, of its data
 * @param connections concurrent client connections
 * @param bodyRate minimum bytes per second of a request body, 0 for no minimum; waiting for the shared API does not
 *     count
 * @param bodyRatePeriod the period over which the rate is measured
 * @param memory bytes that all connections may buffer together: header sections that are incomplete or wait for a
 *     decision, their tokens, and bodies that the peer does not read; by default a part of the direct memory
 */
public record Limits(
        int header,
        int token,
        long body,
        int connections,
        long bodyRate,
        Duration bodyRatePeriod,
        OptionalLong memory) {
    /** In bytes; by default 3/8 of the direct memory, since the allocator needs up to 1.7 times the content. */
    long memoryLimit() {
        return memory.orElseGet(() -> Transport.directMemory() / 8 * 3);
    }
}
