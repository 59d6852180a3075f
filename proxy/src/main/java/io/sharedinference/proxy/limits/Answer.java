package io.sharedinference.proxy.limits;

/** Whether a request is within the limits. */
public sealed interface Answer {
    /** It can be forwarded. */
    record Admitted(Ticket ticket) implements Answer {}

    /** It waits until others have ended. */
    record Queued(Ticket ticket) implements Answer {}

    /** It cannot be forwarded. */
    record Refused(Excess excess) implements Answer {}
}
