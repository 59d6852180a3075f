package io.sharedinference.proxy.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.FakeIam;
import io.sharedinference.proxy.FakeIam.CheckUserResponse;
import io.sharedinference.proxy.auth.Decision.Allowed;
import io.sharedinference.proxy.auth.Decision.IamUnavailable;
import io.sharedinference.proxy.auth.Decision.Unauthenticated;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Expiry and refresh of decisions, with a controlled clock. Allowed decisions are valid for ten seconds, rejections for two. */
class RefreshTest {
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);
    private static final Decision ALLOWED = new Allowed("u");
    private static final CheckUserResponse BROKEN = new CheckUserResponse(500, "{}");

    private final AtomicLong clock = new AtomicLong(42);
    private final FakeIam iam = new FakeIam().user("t", "u");
    private final IamSettings settings = new IamSettings(
            URI.create(iam.url()),
            RequiredPermissions.parse("[]"),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            CALL_TIMEOUT,
            100);
    private final Authentication authentication = new CachedAuthentication(
            new IamClient(settings, TrustedCertificates.platform()),
            settings,
            new AuthMetrics(new PrometheusRegistry()),
            () -> 0,
            clock::get);

    RefreshTest() throws IOException {}

    @AfterEach
    void close() {
        authentication.close();
        iam.close();
    }

    @Test
    void tokensInUseAreRefreshedInTheBackground() throws Exception {
        assertInstanceOf(Allowed.class, decide("t"));
        advanceClock(Duration.ofMillis(7_400));
        CompletableFuture<Decision> first = authentication.decide(token("t"));
        assertEquals(1, iam.calls());
        advanceClock(Duration.ofMillis(200));
        for (int i = 0; i < 20; i++) {
            assertInstanceOf(Allowed.class, cached("t"));
        }
        eventually(() -> authentication.decide(token("t")) != first);
        advanceClock(Duration.ofMillis(5_000));
        assertInstanceOf(Allowed.class, cached("t"));
        assertEquals(
                2,
                iam.calls(),
                "twenty requests did not share one refresh, or its decision is not valid for ten seconds");
    }

    @Test
    void aRejectedRefreshTakesEffectAtOnce() throws Exception {
        decide("t");
        iam.remove("t");
        advanceClock(Duration.ofMillis(7_600));
        decide("t");
        eventually(() -> cached("t") instanceof Unauthenticated);
        assertEquals(2, iam.calls());
    }

    @Test
    void anUnavailableIamDoesNotExtendCachedDecisions() throws Exception {
        decide("t");
        iam.on("t", BROKEN);
        advanceClock(Duration.ofSeconds(8));
        assertInstanceOf(Allowed.class, cached("t"), "the decision expired early");
        awaitCalls(2);
        advanceClock(Duration.ofMillis(1_500));
        assertInstanceOf(Allowed.class, cached("t"));
        awaitCalls(3);
        advanceClock(Duration.ofMillis(500));
        assertInstanceOf(IamUnavailable.class, decide("t"));
    }

    @Test
    void theValidityOfASlowDecisionCountsFromTheCall() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        iam.on(
                "slow",
                new CheckUserResponse(200, "{\"sub\":\"u\",\"email\":null,\"permissions\":[]}", () -> await(release)));
        CompletableFuture<Decision> slow = authentication.decide(token("slow"));
        advanceClock(Duration.ofSeconds(4));
        release.countDown();
        assertInstanceOf(Allowed.class, slow.get());
        iam.remove("slow");
        advanceClock(Duration.ofMillis(5_999));
        assertInstanceOf(Allowed.class, cached("slow"));
        advanceClock(Duration.ofMillis(1));
        eventually(() -> decide("slow") instanceof Unauthenticated);
    }

    @Test
    void rejectionsExpireWithoutRefresh() throws Exception {
        assertInstanceOf(Unauthenticated.class, decide("unknown"));
        iam.user("unknown", "v");
        advanceClock(Duration.ofMillis(1_999));
        assertInstanceOf(Unauthenticated.class, cached("unknown"));
        assertEquals(1, iam.calls());
        advanceClock(Duration.ofMillis(1));
        assertInstanceOf(Allowed.class, decide("unknown"));
    }

    @Test
    void theCacheIsBounded() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            decide("made-up-" + i);
        }
        int calls = iam.calls();
        for (int i = 0; i < 1_000; i++) {
            decide("made-up-" + i);
        }
        assertTrue(iam.calls() - calls >= 900, "more than 100 of 1,000 decisions are cached");
    }

    @Test
    void theCircuitBreakerOpensAndOneSuccessfulProbeClosesIt() throws Exception {
        iam.on("t", BROKEN);
        for (int i = 0; i < CircuitBreaker.FAILURES_TO_OPEN; i++) {
            decide("t");
        }
        iam.user("t", "u");
        for (int i = 0; i < 50; i++) {
            assertInstanceOf(IamUnavailable.class, cached("t"));
        }
        assertEquals(CircuitBreaker.FAILURES_TO_OPEN, iam.calls());
        clock.addAndGet(CircuitBreaker.PROBE_NANOS);
        assertInstanceOf(Allowed.class, decide("t"), "the probe was rejected");
        assertInstanceOf(Unauthenticated.class, decide("somebody else"), "the circuit breaker is still open");
    }

    @Test
    void outagesOfNewTokensDoNotStopTheRefreshOfKnownUsers() throws Exception {
        decide("t");
        for (int i = 0; i < CircuitBreaker.LATEST_CALLS; i++) {
            iam.on("crash" + i, BROKEN);
            decide("crash" + i);
        }
        assertInstanceOf(IamUnavailable.class, cached("new"), "the circuit breaker for new tokens is closed");
        iam.remove("t");
        advanceClock(Duration.ofMillis(7_600));
        iam.on("probe", BROKEN);
        assertInstanceOf(IamUnavailable.class, decide("probe"), "the circuit breaker closed after a failed probe");
        decide("t");
        eventually(() -> cached("t") instanceof Unauthenticated);
        iam.user("t", "u");
        advanceClock(Duration.ofSeconds(2));
        assertInstanceOf(
                Allowed.class, decide("t"), "a known user's token depends on the circuit breaker for new tokens");
    }

    @Test
    void refreshesDoNotWaitForThePermitsOfNewTokens() throws Exception {
        decide("t");
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < CachedAuthentication.CALLS_FOR_NEW_TOKENS; i++) {
            iam.on("slow" + i, new CheckUserResponse(200, "{}", () -> await(release)));
            authentication.decide(token("slow" + i));
        }
        awaitCalls(1 + CachedAuthentication.CALLS_FOR_NEW_TOKENS);
        iam.remove("t");
        advanceClock(Duration.ofMillis(7_600));
        assertInstanceOf(Allowed.class, cached("t"), "the decision expired early");
        awaitCalls(2 + CachedAuthentication.CALLS_FOR_NEW_TOKENS);
        eventually(() -> cached("t") instanceof Unauthenticated);
        assertEquals(2 + CachedAuthentication.CALLS_FOR_NEW_TOKENS, iam.calls(), "more than one refresh");
        release.countDown();
    }

    @Test
    void aFloodOfInventedTokensDoesNotDelayTheRefreshOfAKnownUser() throws Exception {
        decide("t");
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            iam.on("made-up" + i, new CheckUserResponse(200, "{}", () -> await(release)));
            authentication.decide(token("made-up" + i));
        }
        for (int i = 0; i < 5; i++) {
            advanceClock(Duration.ofSeconds(8));
            CompletableFuture<Decision> decision = authentication.decide(token("t"));
            eventually(decision::isDone);
            assertInstanceOf(Allowed.class, decision.get());
        }
        iam.remove("t");
        advanceClock(Duration.ofSeconds(8));
        eventually(() -> authentication.decide(token("t")).getNow(ALLOWED) instanceof Unauthenticated);
        release.countDown();
    }

    @Test
    void aRevokedTokenIsRejectedWhenItsDecisionExpires() throws Exception {
        decide("t");
        iam.remove("t");
        advanceClock(Duration.ofSeconds(10));
        assertInstanceOf(Unauthenticated.class, decide("t"));
    }

    @Test
    void aFewFailuresAmongSuccessesDoNotOpenTheCircuitBreaker() throws Exception {
        for (int i = 0; i < 100; i++) {
            iam.on("crash" + i, BROKEN);
            decide("crash" + i);
            for (int j = 0; j < 2; j++) {
                assertInstanceOf(Unauthenticated.class, decide("stranger" + i + "-" + j));
            }
        }
    }

    @Test
    void aProbeThatHangsDoesNotBlockTheNextOne() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        iam.on("t", BROKEN);
        for (int i = 0; i < CircuitBreaker.FAILURES_TO_OPEN; i++) {
            decide("t");
        }
        clock.addAndGet(CircuitBreaker.PROBE_NANOS);
        iam.on("hangs", new CheckUserResponse(200, "{}", () -> await(never)));
        CompletableFuture<Decision> hanging = authentication.decide(token("hangs"));
        iam.user("t", "u");
        clock.addAndGet(CircuitBreaker.PROBE_NANOS);
        assertInstanceOf(Allowed.class, decide("t"));
        assertFalse(hanging.isDone());
        never.countDown();
    }

    private Decision decide(String token) throws Exception {
        return authentication.decide(token(token)).get();
    }

    /** The decision, which must be available without waiting. */
    private Decision cached(String token) {
        CompletableFuture<Decision> decision = authentication.decide(token(token));
        assertTrue(decision.isDone(), "the decision is not cached");
        return decision.join();
    }

    private void advanceClock(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private void awaitCalls(int count) throws Exception {
        eventually(() -> iam.calls() == count);
    }

    /** Waits for less than the timeout of hanging calls, which then release their permits. */
    private static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + CALL_TIMEOUT.dividedBy(2).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "the condition is not met after 30 s");
            Thread.sleep(2);
        }
    }

    private static BearerToken token(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return new BearerToken(bytes, 0, bytes.length);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
