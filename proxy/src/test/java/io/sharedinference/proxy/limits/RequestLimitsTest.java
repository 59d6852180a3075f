package io.sharedinference.proxy.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final AtomicLong now = new AtomicLong(1);
    private final List<String> admitted = new ArrayList<>();
    private final Map<String, Ticket> queued = new HashMap<>();

    @Test
    void withoutLimitsEveryRequestIsAdmitted() {
        assertFalse(limits(LimitSettings.NONE).any());
        assertFalse(limits(new LimitSettings(Quotas.NONE, Map.of("m", Quotas.NONE), WAIT))
                .any());
        assertTrue(limits(user(new Quota(1, 0, 0), Duration.ZERO)).any());
        assertTrue(limits(new LimitSettings(Quotas.NONE, Map.of("m", tenant(1)), WAIT))
                .any());
    }

    @Test
    void requestsInFlightAreLimitedPerUserAndForAll() {
        RequestLimits limits =
                limits(new LimitSettings(new Quotas(new Quota(3, 0, 0), new Quota(2, 0, 0)), Map.of(), Duration.ZERO));
        Ticket first = admit(limits, "alice");
        admit(limits, "alice");
        assertExcess("user_requests", limits, "alice");
        admit(limits, "bob");
        assertExcess("requests", limits, "bob");
        limits.leave(first, 0);
        admit(limits, "bob");
        assertExcess("requests", limits, "carol");
    }

    @Test
    void theExcessNamesTheLimitAndItsSetting() {
        RequestLimits limits = limits(user(new Quota(1, 0, 0), Duration.ZERO));
        admit(limits, "alice");
        assertEquals(
                new ExceededLimit(
                        "user_requests",
                        "the limit of 1 requests in flight per user is reached (MAX_USER_REQUESTS)",
                        false,
                        1,
                        0,
                        1_000_000_000L,
                        1_000_000_000L),
                refused(limits, "alice"));
    }

    @Test
    void leavingTwiceReleasesOnce() {
        RequestLimits limits = limits(user(new Quota(1, 0, 0), Duration.ZERO));
        Ticket first = admit(limits, "alice");
        limits.leave(first, 0);
        Ticket second = admit(limits, "alice");
        limits.leave(first, 0);
        assertExcess("user_requests", limits, "alice");
        limits.leave(second, 0);
        admit(limits, "alice");
    }

    @Test
    void requestsOfOneMinuteMayBurstAndThenRefill() {
        RequestLimits limits = limits(user(new Quota(0, 60, 0), WAIT));
        for (int i = 0; i < 60; i++) {
            limits.leave(admit(limits, "alice"), 0);
        }
        ExceededLimit excess = refused(limits, "alice");
        assertEquals("user_requests_per_minute", excess.limit());
        assertEquals(
                List.of(60L, 0L, 1_000_000_000L, 60_000_000_000L),
                List.of(excess.most(), excess.remaining(), excess.retryNanos(), excess.resetNanos()));
        admit(limits, "bob");
        advanceClock(Duration.ofSeconds(2));
        admit(limits, "alice");
        admit(limits, "alice");
        assertExcess("user_requests_per_minute", limits, "alice");
        advanceClock(Duration.ofHours(1));
        for (int i = 0; i < 60; i++) {
            admit(limits, "alice");
        }
        assertExcess("user_requests_per_minute", limits, "alice");
    }

    @Test
    void refusedRequestsUseNothing() {
        RequestLimits limits = limits(user(new Quota(1, 2, 0), Duration.ZERO));
        Ticket first = admit(limits, "alice");
        for (int i = 0; i < 10; i++) {
            assertExcess("user_requests", limits, "alice");
        }
        limits.leave(first, 0);
        admit(limits, "alice");
    }

    @Test
    void tokensAreCountedWhenReportedAndMayExceedTheLimit() {
        RequestLimits limits = limits(user(new Quota(0, 0, 100), WAIT));
        Ticket first = admit(limits, "alice");
        Ticket second = admit(limits, "alice");
        limits.leave(first, 99);
        limits.leave(admit(limits, "alice"), 0);
        limits.leave(second, 101);
        ExceededLimit excess = refused(limits, "alice");
        assertEquals("user_tokens_per_minute", excess.limit());
        assertTrue(excess.tokens());
        assertEquals(0, excess.remaining());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(101 * 600), excess.retryNanos(), 10);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(200 * 600), excess.resetNanos(), 10);
        advanceClock(Duration.ofMillis(100 * 600));
        assertExcess("user_tokens_per_minute", limits, "alice");
        advanceClock(Duration.ofMillis(601));
        admit(limits, "alice");
    }

    @Test
    void aLargeLimitIsFullAgainAfterALongTime() {
        RequestLimits limits = limits(user(new Quota(0, 0, Quota.MAX), WAIT));
        limits.leave(admit(limits, "alice"), Quota.MAX + 1);
        assertExcess("user_tokens_per_minute", limits, "alice");
        advanceClock(Duration.ofDays(1_000));
        admit(limits, "alice");
    }

    @Test
    void requestsWithoutTokensAreAdmittedWhenTokensAreUsedUp() {
        RequestLimits limits = limits(user(new Quota(0, 0, 100), WAIT));
        limits.leave(admit(limits, "alice"), 200);
        assertInstanceOf(
                LimitDecision.Admitted.class,
                limits.request(new Arrival("alice", Optional.empty(), false), this::noop));
    }

    @Test
    void usersAreAdmittedRoundRobinAndTheirRequestsInOrder() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        Ticket running = admit(limits, "alice");
        for (String request : List.of("alice 1", "alice 2", "alice 3", "bob 1", "bob 2", "carol 1")) {
            queue(limits, request, Optional.empty());
        }
        limits.leave(running, 0);
        assertEquals(List.of("alice 1"), admitted);
        releaseInTurn(limits);
        assertEquals(List.of("alice 1", "bob 1", "carol 1", "alice 2", "bob 2", "alice 3"), admitted);
    }

    @Test
    void aFloodDelaysOtherUsersByAtMostOneRequest() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        Ticket running = admit(limits, "flood");
        for (int i = 0; i < FairQueue.MAX_WAITING_PER_USER; i++) {
            queue(limits, "flood " + i, Optional.empty());
        }
        assertExcess("requests", limits, "flood");
        queue(limits, "other 1", Optional.empty());
        limits.leave(running, 0);
        release(limits, admitted.getLast());
        assertEquals(List.of("flood 0", "other 1"), admitted);
        queue(limits, "other 2", Optional.empty());
        release(limits, admitted.getLast());
        release(limits, admitted.getLast());
        assertEquals(List.of("flood 0", "other 1", "flood 1", "other 2"), admitted);
    }

    @Test
    void aUserOverTheUserLimitDoesNotBlockOthers() {
        RequestLimits limits =
                limits(new LimitSettings(new Quotas(new Quota(2, 0, 0), new Quota(1, 0, 0)), Map.of(), WAIT));
        admit(limits, "alice");
        Ticket bob = admit(limits, "bob");
        queue(limits, "alice 1", Optional.empty());
        queue(limits, "carol 1", Optional.empty());
        limits.leave(bob, 0);
        assertEquals(List.of("carol 1"), admitted);
    }

    @Test
    void theQueueIsBounded() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        admit(limits, "first");
        for (int i = 0; i < FairQueue.MAX_WAITING; i++) {
            queue(limits, "user-" + i + " 1", Optional.empty());
        }
        assertExcess("requests", limits, "late");
    }

    @Test
    void aRequestThatLeavesTheQueueIsNotAdmitted() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        Ticket running = admit(limits, "alice");
        Ticket leaving = queue(limits, "bob 1", Optional.empty());
        queue(limits, "carol 1", Optional.empty());
        limits.leave(leaving, 0);
        limits.leave(running, 0);
        assertEquals(List.of("carol 1"), admitted);
        release(limits, "carol 1");
        admit(limits, "bob");
        assertInstanceOf(LimitDecision.Queued.class, request(limits, "bob"));
    }

    @Test
    void leavingAfterAdmissionAdmitsTheNextRequest() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        Ticket running = admit(limits, "alice");
        Ticket admittedTicket = queue(limits, "bob 1", Optional.empty());
        queue(limits, "carol 1", Optional.empty());
        limits.leave(running, 0);
        limits.leave(admittedTicket, 0);
        assertEquals(List.of("bob 1", "carol 1"), admitted);
    }

    @Test
    void queuedRequestsExpireAtTheDeadline() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        Ticket running = admit(limits, "alice");
        Ticket waiting = queue(limits, "bob 1", Optional.empty());
        advanceClock(WAIT.minusNanos(1));
        assertEquals(Optional.empty(), limits.expire(waiting));
        advanceClock(Duration.ofNanos(1));
        assertEquals("requests", limits.expire(waiting).orElseThrow().limit());
        assertEquals(Optional.empty(), limits.expire(waiting), "once");
        limits.leave(waiting, 0);
        limits.leave(running, 0);
        assertEquals(List.of(), admitted);
        admit(limits, "carol");
    }

    @Test
    void anAdmittedRequestDoesNotExpire() {
        RequestLimits limits = limits(new LimitSettings(tenant(1), Map.of(), WAIT));
        Ticket running = admit(limits, "alice");
        Ticket waiting = queue(limits, "bob 1", Optional.empty());
        limits.leave(running, 0);
        advanceClock(WAIT.plus(WAIT));
        assertEquals(Optional.empty(), limits.expire(waiting));
        assertInstanceOf(LimitDecision.Queued.class, request(limits, "carol"));
    }

    @Test
    void aModelOverItsLimitDoesNotBlockOtherModels() {
        RequestLimits limits = limits(new LimitSettings(
                tenant(3), Map.of("large", new Quotas(new Quota(2, 0, 0), new Quota(1, 0, 0))), WAIT));
        Optional<String> large = Optional.of("large");
        Ticket first =
                ((LimitDecision.Admitted) limits.request(new Arrival("alice", large, true), this::noop)).ticket();
        queue(limits, "alice 1", large);
        assertInstanceOf(
                LimitDecision.Admitted.class,
                limits.request(new Arrival("alice", Optional.of("small"), true), this::noop));
        assertInstanceOf(LimitDecision.Admitted.class, limits.request(new Arrival("bob", large, true), this::noop));
        limits.leave(first, 0);
        assertEquals(List.of("alice 1"), admitted);
    }

    @Test
    void tokensCountForTheirModelOnly() {
        RequestLimits limits = limits(new LimitSettings(
                Quotas.NONE, Map.of("large", new Quotas(new Quota(0, 0, 100), new Quota(0, 0, 10))), WAIT));
        Arrival alice = new Arrival("alice", Optional.of("large"), true);
        limits.leave(((LimitDecision.Admitted) limits.request(alice, this::noop)).ticket(), 20);
        assertEquals(
                "model_user_tokens_per_minute",
                ((LimitDecision.Refused) limits.request(alice, this::noop))
                        .excess()
                        .limit());
        admit(limits, "alice");
        Arrival bob = new Arrival("bob", Optional.of("large"), true);
        limits.leave(((LimitDecision.Admitted) limits.request(bob, this::noop)).ticket(), 100);
        Arrival carol = new Arrival("carol", Optional.of("large"), true);
        ExceededLimit excess = ((LimitDecision.Refused) limits.request(carol, this::noop)).excess();
        assertEquals(
                "the limit of 100 tokens per minute for the model is reached (MODEL_LIMITS)", excess.description());
    }

    @Test
    void recentlySeenUsersKeepTheirUsage() {
        RequestLimits limits = limits(user(new Quota(0, 1, 0), WAIT));
        limits.leave(admit(limits, "alice"), 0);
        for (int i = 1; i < Users.MAX_USERS; i++) {
            limits.leave(admit(limits, "user-" + i), 0);
        }
        assertExcess("user_requests_per_minute", limits, "alice");
        for (int i = 1; i <= Users.MAX_USERS; i++) {
            limits.leave(admit(limits, "other-" + i), 0);
        }
        admit(limits, "alice");
    }

    @Test
    void usersWithRequestsInFlightAreNeverEvicted() {
        RequestLimits limits = limits(user(new Quota(1, 0, 0), Duration.ZERO));
        admit(limits, "alice");
        for (int i = 0; i <= 2 * Users.MAX_USERS; i++) {
            limits.leave(admit(limits, "user-" + i), 0);
        }
        assertExcess("user_requests", limits, "alice");
    }

    @Test
    void concurrentRequestsStayWithinTheLimitsAndLeaveNoState() throws Exception {
        RequestLimits limits =
                limits(new LimitSettings(new Quotas(new Quota(5, 0, 0), new Quota(2, 0, 0)), Map.of(), WAIT));
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger max = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String user = "user-" + i % 3;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 5_000; j++) {
                    use(limits, user, inFlight, max);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(max.get() <= 5, "in flight: " + max);
        for (int i = 0; i < 5; i++) {
            admit(limits, "left-" + i);
        }
        assertInstanceOf(LimitDecision.Queued.class, request(limits, "left-6"));
    }

    private static void use(RequestLimits limits, String user, AtomicInteger inFlight, AtomicInteger max) {
        CountDownLatch admitted = new CountDownLatch(1);
        switch (limits.request(new Arrival(user, Optional.empty(), true), admitted::countDown)) {
            case LimitDecision.Admitted(Ticket ticket) -> {
                max.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                inFlight.decrementAndGet();
                limits.leave(ticket, 1);
            }
            case LimitDecision.Queued(Ticket ticket) -> {
                if (ThreadLocalRandom.current().nextBoolean()) {
                    await(admitted);
                    max.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                    inFlight.decrementAndGet();
                }
                limits.leave(ticket, 1);
            }
            case LimitDecision.Refused refused -> throw new AssertionError(refused.toString());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS), "was not admitted");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param request the user and a number */
    private Ticket queue(RequestLimits limits, String request, Optional<String> model) {
        Arrival arrival = new Arrival(request.split(" ")[0], model, true);
        LimitDecision decision = limits.request(arrival, () -> admitted.add(request));
        Ticket ticket = assertInstanceOf(LimitDecision.Queued.class, decision).ticket();
        queued.put(request, ticket);
        return ticket;
    }

    private void release(RequestLimits limits, String request) {
        limits.leave(queued.get(request), 0);
    }

    /** Releases admitted requests one after the other until no other is admitted. */
    private void releaseInTurn(RequestLimits limits) {
        for (int i = 0; i < admitted.size(); i++) {
            release(limits, admitted.get(i));
        }
    }

    private LimitDecision request(RequestLimits limits, String user) {
        return limits.request(new Arrival(user, Optional.empty(), true), this::noop);
    }

    private Ticket admit(RequestLimits limits, String user) {
        return assertInstanceOf(LimitDecision.Admitted.class, request(limits, user))
                .ticket();
    }

    private ExceededLimit refused(RequestLimits limits, String user) {
        return assertInstanceOf(LimitDecision.Refused.class, request(limits, user))
                .excess();
    }

    private void assertExcess(String limit, RequestLimits limits, String user) {
        assertEquals(limit, refused(limits, user).limit());
    }

    private void noop() {}

    private void advanceClock(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private RequestLimits limits(LimitSettings settings) {
        return new RequestLimits(settings, new PrometheusRegistry(), now::get);
    }

    private static LimitSettings user(Quota quota, Duration queueTimeout) {
        return new LimitSettings(new Quotas(Quota.NONE, quota), Map.of(), queueTimeout);
    }

    private static Quotas tenant(long requests) {
        return new Quotas(new Quota(requests, 0, 0), Quota.NONE);
    }
}
