package io.sharedinference.proxy.relay;

import io.sharedinference.proxy.auth.BearerToken;
import io.sharedinference.proxy.auth.Decision;
import io.sharedinference.proxy.http.Request;
import io.sharedinference.proxy.limits.Arrival;
import io.sharedinference.proxy.limits.ExceededLimit;
import io.sharedinference.proxy.limits.LimitDecision;
import io.sharedinference.proxy.telemetry.AccessEntry;
import io.sharedinference.proxy.telemetry.OperatorWarning;
import io.sharedinference.proxy.upstream.Target;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides whether a request may be forwarded: first its path and size, then its token, then the limits on requests.
 * Confined to its event loop.
 */
final class AccessControl {
    /** The exchange that the request belongs to. Nothing is called after {@link #end()}. */
    interface Requester {
        /** The user may send the request, which is not within the limits yet: {@link #admit()} is next. */
        void permitted();

        /** The request may be forwarded now. */
        void admitted();

        /** {@code headers}: additional header lines of the error response, each with its CRLF. */
        void refused(ProxyError error, String description, String headers);
    }

    private final Worker worker;
    private final AccessEntry entry;
    private final Requester requester;
    private Optional<PendingDecision> pendingDecision = Optional.empty();
    private Optional<Admission> admission = Optional.empty();

    AccessControl(Worker worker, AccessEntry entry, Requester requester) {
        this.worker = worker;
        this.entry = entry;
        this.requester = requester;
    }

    /** For the request that was parsed last. Routes without authentication have no limits. */
    void check(Request request, Optional<Target> target) {
        RequestRewriter parsed = worker.requests();
        if (request.bodyTooLarge()) {
            refuse(
                    ProxyError.BODY_TOO_LARGE,
                    "the body is larger than " + worker.settings().limits().body() + " bytes");
        } else if (target.filter(Target::hasBasePath).isPresent() && parsed.dotSegments()) {
            refuse(ProxyError.BAD_REQUEST, "the path has a dot segment, which could leave the base path");
        } else if (parsed.open()) {
            requester.admitted();
        } else {
            parsed.token().ifPresentOrElse(this::authenticate, this::tokenMissing);
        }
    }

    private void authenticate(BearerToken token) {
        CompletableFuture<Decision> decision = worker.authentication().decide(token);
        if (decision.isDone()) {
            decided(decision.join());
            return;
        }
        pendingDecision = Optional.of(new PendingDecision(decision, token.length(), worker.eventLoop(), this::decided));
    }

    private void decided(Decision decision) {
        cancelDecision();
        switch (decision) {
            case Decision.Allowed(String subject) -> {
                entry.subject(subject);
                requester.permitted();
            }
            case Decision.Unauthenticated() -> refuse(ProxyError.UNAUTHENTICATED, "Invalid token");
            case Decision.Denied(String subject) -> {
                entry.subject(subject);
                refuse(ProxyError.PERMISSION_DENIED, "a required permission is missing");
            }
            case Decision.IamUnavailable(String reason, var _) -> {
                entry.warn(OperatorWarning.IAM_UNREACHABLE, reason);
                refuse(ProxyError.IAM_UNREACHABLE, "the IAM is unavailable");
            }
        }
    }

    /** Admits the request if it is within the limits, at once or from the queue. */
    void admit() {
        if (!worker.requestLimits().any()) {
            requester.admitted();
            return;
        }
        Admission asked = new Admission(worker.requestLimits(), worker.eventLoop());
        admission = Optional.of(asked);
        Arrival arrival = new Arrival(entry.subject(), entry.model(), entry.usesTokens());
        switch (asked.request(arrival, requester::admitted)) {
            case LimitDecision.Admitted admitted -> requester.admitted();
            case LimitDecision.Queued queued -> entry.queued();
            case LimitDecision.Refused(ExceededLimit excess) -> refuse(excess);
        }
    }

    /** Refuses the request if its time in the queue is over. */
    void sweep() {
        admission.flatMap(Admission::expired).ifPresent(this::refuse);
    }

    /** Memory of a token whose decision is pending, in bytes. */
    int heldBytes() {
        return pendingDecision.map(PendingDecision::heldBytes).orElse(0);
    }

    /** The exchange has ended: the next queued request can be admitted. */
    void end() {
        cancelDecision();
        admission.ifPresent(admitted -> admitted.leave(entry.tokens()));
        admission = Optional.empty();
    }

    private void cancelDecision() {
        pendingDecision.ifPresent(PendingDecision::cancel);
        pendingDecision = Optional.empty();
    }

    private void tokenMissing() {
        refuse(ProxyError.UNAUTHENTICATED, "a Bearer token in the Authorization header is required");
    }

    private void refuse(ExceededLimit excess) {
        requester.refused(ProxyError.RATE_LIMITED, excess.description(), RateLimitHeaders.of(excess));
    }

    private void refuse(ProxyError error, String description) {
        requester.refused(error, description, "");
    }
}
