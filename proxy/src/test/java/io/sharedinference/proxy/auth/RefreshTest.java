package io.sharedinference.proxy.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.FakeIam;
import io.sharedinference.proxy.FakeIam.Saying;
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

/** What happens over time, on a clock that the test sets. Allowed decisions are valid for ten seconds, rejections for two. */
class RefreshTest {
    private static final Saying BROKEN = new Saying(500, "{}");

    private final AtomicLong clock = new AtomicLong(42);
    private final FakeIam iam = new FakeIam().user("t", "u");
    private final IamSettings settings = new IamSettings(
            URI.create(iam.url()),
            RequiredPermissions.parse("[]"),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
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
        pass(Duration.ofMillis(7_400));
        CompletableFuture<Decision> first = authentication.decide(token("t"));
        assertEquals(1, iam.calls());
        pass(Duration.ofMillis(200));
        for (int i = 0; i < 20; i++) {
            assertInstanceOf(Allowed.class, known("t"));
        }
        eventually(() -> authentication.decide(token("t")) != first);
        pass(Duration.ofMillis(5_000));
        assertInstanceOf(Allowed.class, known("t"));
        assertEquals(2, iam.calls(), "one call for twenty who were due, and its answer holds for its own ten seconds");
    }

    @Test
    void aRejectedRefreshTakesEffectAtOnce() throws Exception {
        decide("t");
        iam.forget("t");
        pass(Duration.ofMillis(7_600));
        decide("t");
        eventually(() -> known("t") instanceof Unauthenticated);
        assertEquals(2, iam.calls());
    }

    @Test
    void anUnavailableIamDoesNotExtendCachedDecisions() throws Exception {
        decide("t");
        iam.says("t", BROKEN);
        pass(Duration.ofSeconds(8));
        assertInstanceOf(Allowed.class, known("t"), "its own time is not over");
        eventuallyCalls(2);
        pass(Duration.ofMillis(1_500));
        assertInstanceOf(Allowed.class, known("t"));
        eventuallyCalls(3);
        pass(Duration.ofMillis(500));
        assertInstanceOf(IamUnavailable.class, decide("t"));
    }

    @Test
    void theValidityOfASlowDecisionCountsFromTheCall() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        iam.says("slow", new Saying(200, "{\"sub\":\"u\",\"email\":null,\"permissions\":[]}", () -> await(answer)));
        CompletableFuture<Decision> slow = authentication.decide(token("slow"));
        pass(Duration.ofSeconds(4));
        answer.countDown();
        assertInstanceOf(Allowed.class, slow.get());
        iam.forget("slow");
        pass(Duration.ofMillis(5_999));
        assertInstanceOf(Allowed.class, known("slow"));
        pass(Duration.ofMillis(1));
        eventually(() -> decide("slow") instanceof Unauthenticated);
    }

    @Test
    void rejectionsExpireWithoutRefresh() throws Exception {
        assertInstanceOf(Unauthenticated.class, decide("unknown"));
        iam.user("unknown", "v");
        pass(Duration.ofMillis(1_999));
        assertInstanceOf(Unauthenticated.class, known("unknown"));
        assertEquals(1, iam.calls());
        pass(Duration.ofMillis(1));
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
        assertTrue(iam.calls() - calls >= 900, "at most 100 of 1,000 are remembered");
    }

    @Test
    void theCircuitBreakerOpensAndOneSuccessfulProbeClosesIt() throws Exception {
        iam.says("t", BROKEN);
        for (int i = 0; i < CircuitBreaker.FAILURES_TO_OPEN; i++) {
            decide("t");
        }
        iam.user("t", "u");
        for (int i = 0; i < 50; i++) {
            assertInstanceOf(IamUnavailable.class, known("t"));
        }
        assertEquals(CircuitBreaker.FAILURES_TO_OPEN, iam.calls());
        clock.addAndGet(CircuitBreaker.PROBE_NANOS);
        assertInstanceOf(Allowed.class, decide("t"), "the probe");
        assertInstanceOf(Unauthenticated.class, decide("somebody else"), "and everybody after it");
    }

    @Test
    void outagesOfNewTokensDoNotStopTheRefreshOfKnownUsers() throws Exception {
        decide("t");
        for (int i = 0; i < CircuitBreaker.LATEST_CALLS; i++) {
            iam.says("crash" + i, BROKEN);
            decide("crash" + i);
        }
        assertInstanceOf(IamUnavailable.class, known("new"), "the circuit breaker for new tokens is open");
        iam.forget("t");
        pass(Duration.ofMillis(7_600));
        iam.says("probe", BROKEN);
        assertInstanceOf(IamUnavailable.class, decide("probe"), "it stays open");
        decide("t");
        eventually(() -> known("t") instanceof Unauthenticated);
        iam.user("t", "u");
        pass(Duration.ofSeconds(2));
        assertInstanceOf(Allowed.class, decide("t"), "a known user's token is asked about by itself");
    }

    @Test
    void refreshesDoNotWaitForThePermitsOfNewTokens() throws Exception {
        decide("t");
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < CachedAuthentication.CALLS_FOR_NEW_TOKENS; i++) {
            iam.says("slow" + i, new Saying(200, "{}", () -> await(release)));
            authentication.decide(token("slow" + i));
        }
        eventuallyCalls(1 + CachedAuthentication.CALLS_FOR_NEW_TOKENS);
        iam.forget("t");
        pass(Duration.ofMillis(7_600));
        assertInstanceOf(Allowed.class, known("t"), "still valid, and refreshed in the background");
        eventuallyCalls(2 + CachedAuthentication.CALLS_FOR_NEW_TOKENS);
        eventually(() -> known("t") instanceof Unauthenticated);
        assertEquals(2 + CachedAuthentication.CALLS_FOR_NEW_TOKENS, iam.calls(), "the refresh, and no second call");
        release.countDown();
    }

    @Test
    void aFewFailuresAmongSuccessesDoNotOpenTheCircuitBreaker() throws Exception {
        for (int i = 0; i < 100; i++) {
            iam.says("crash" + i, BROKEN);
            decide("crash" + i);
            for (int j = 0; j < 2; j++) {
                assertInstanceOf(Unauthenticated.class, decide("stranger" + i + "-" + j));
            }
        }
    }

    @Test
    void aProbeThatHangsDoesNotBlockTheNextOne() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        iam.says("t", BROKEN);
        for (int i = 0; i < CircuitBreaker.FAILURES_TO_OPEN; i++) {
            decide("t");
        }
        clock.addAndGet(CircuitBreaker.PROBE_NANOS);
        iam.says("hangs", new Saying(200, "{}", () -> await(never)));
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
    private Decision known(String token) {
        CompletableFuture<Decision> decision = authentication.decide(token(token));
        assertTrue(decision.isDone(), "had to wait");
        return decision.join();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private void eventuallyCalls(int count) throws Exception {
        eventually(() -> iam.calls() == count);
    }

    /** Sooner than calls that hang time out, after which permits are free. */
    private static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 4_000_000_000L;
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "did not happen within 4 s");
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
