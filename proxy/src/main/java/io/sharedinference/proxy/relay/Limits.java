package io.sharedinference.proxy.relay;

import java.time.Duration;

/**
 * How much of anything one client, or all of them, may take.
 *
 * @param head bytes of a request's head, no more than {@link HeadEnd#LARGEST_HEAD}
 * @param body bytes of a request's body; of a chunked one, of its data
 * @param connections clients that are served at the same time
 * @param bodyRate bytes per second that a request's body must bring at least, 0 for any; what the shared API is too
 *     slow to take doesn't count against it
 * @param bodyRatePeriod over which that rate is measured, again and again
 */
public record Limits(int head, long body, int connections, long bodyRate, Duration bodyRatePeriod) {
}
