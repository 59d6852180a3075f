package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.http.HeaderSectionEnd;
import io.sharedinference.proxy.upstream.Transport;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How much of anything one client, or all of them, may take.
 *
 * @param head bytes of a request's head, no more than {@link HeaderSectionEnd#LARGEST_HEAD}
 * @param token bytes of a client's token
 * @param body bytes of a request's body; of a chunked one, of its data
 * @param connections clients that are served at the same time
 * @param bodyRate bytes per second that a request's body must bring at least, 0 for any; what the shared API is too
 *     slow to take doesn't count against it
 * @param bodyRatePeriod over which that rate is measured, again and again
 * @param memory bytes that all connections may hold together: request header sections that are incomplete or wait for
 *     a decision, their tokens, and bodies that nobody takes; by default by the memory that there is
 */
public record Limits(int head, int token, long body, int connections, long bodyRate, Duration bodyRatePeriod,
        OptionalLong memory) {
    /** Bytes; by default 3/8 of what buffers may take: their allocator was seen to need 1.7 times what is in them. */
    long memoryLimit() {
        return memory.orElseGet(() -> Transport.directMemory() / 8 * 3);
    }
}
