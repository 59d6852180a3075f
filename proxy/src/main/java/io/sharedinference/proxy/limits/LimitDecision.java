package io.sharedinference.proxy.limits;

/** Whether a request is within the limits. */
public sealed interface LimitDecision {
    /** It can be forwarded. */
    record Admitted(Ticket ticket) implements LimitDecision {}

    /** It waits until others have ended. */
    record Queued(Ticket ticket) implements LimitDecision {}

    /** It cannot be forwarded. */
    record Refused(ExceededLimit excess) implements LimitDecision {}
}
