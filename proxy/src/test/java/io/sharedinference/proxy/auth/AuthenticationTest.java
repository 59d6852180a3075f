package io.sharedinference.proxy.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sharedinference.proxy.FakeIam;
import io.sharedinference.proxy.FakeIam.CheckUserResponse;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(150);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final FakeIam iam = new FakeIam();

    AuthenticationTest() throws IOException {}

    @AfterEach
    void close() {
        iam.close();
    }

    @Test
    void concurrentRequestsWithTheSameTokenShareOneCall() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        iam.on("t", new CheckUserResponse(200, user("u"), () -> await(release)));
        try (Authentication authentication = authentication(LONG, LONG)) {
            List<CompletableFuture<Decision>> waiting = IntStream.range(0, 50)
                    .mapToObj(i -> authentication.decide(token("t")))
                    .toList();
            assertFalse(waiting.getFirst().isDone());
            release.countDown();
            for (CompletableFuture<Decision> one : waiting) {
                assertEquals(new Decision.Allowed("u"), one.get());
            }
            assertTrue(authentication.decide(token("t")).isDone(), "a cached decision is not available at once");
        }
        assertEquals(1, iam.calls());
    }

    @Test
    void aRevokedTokenIsRejectedAfterTheAllowTtl() throws Exception {
        iam.user("t", "u");
        try (Authentication authentication = authentication(Duration.ofSeconds(1), SHORT)) {
            assertInstanceOf(
                    Decision.Allowed.class, authentication.decide(token("t")).get());
            iam.remove("t");
            eventually(() -> authentication.decide(token("t")).get() instanceof Decision.Unauthenticated);
        }
    }

    @Test
    void rejectionsAreCachedForTheDenyTtlOnly() throws Exception {
        try (Authentication authentication = authentication(LONG, SHORT)) {
            for (int i = 0; i < 5; i++) {
                assertInstanceOf(
                        Decision.Unauthenticated.class,
                        authentication.decide(token("t")).get());
            }
            assertEquals(1, iam.calls());
            iam.user("t", "u");
            eventually(() -> authentication.decide(token("t")).get() instanceof Decision.Allowed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | {}",
                "429 | {}",
                "404 | not found",
                "302 | {}",
                "200 | no json",
                "200 | {}",
                "503 | {}",
                "200 | {\"sub\":null,\"permissions\":[]}",
                "200 | {\"sub\":\"\",\"permissions\":[]}",
                "200 | {\"sub\":\" \",\"permissions\":[]}",
                "200 | {\"sub\":7,\"permissions\":[]}",
                "200 | {\"sub\":\"u\",\"permissions\":{}}",
                "200 | {\"sub\":\"u\",\"permissions\":[]} garbage",
                "200 | {\"sub\":\"u\",\"permissions\":[]}{\"error\":\"unauthenticated\"}",
            })
    void invalidResponsesOfTheIamAdmitNobodyAndAreNotCached(int status, String json) throws Exception {
        iam.on("t", new CheckUserResponse(status, json));
        try (Authentication authentication = authentication(LONG, LONG)) {
            assertInstanceOf(
                    Decision.IamUnavailable.class,
                    authentication.decide(token("t")).get());
            iam.user("t", "u");
            assertInstanceOf(
                    Decision.Allowed.class, authentication.decide(token("t")).get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":\"u\"}",
                "{\"sub\":\"u\",\"email\":null,\"permissions\":null}",
                "{\"sub\":\"u\",\"permissions\":[],\"new\":{\"a\":[1]}}",
            })
    void aSubjectIsEnoughWhereNoPermissionIsRequired(String json) throws Exception {
        iam.on("t", new CheckUserResponse(200, json));
        try (Authentication authentication = authentication(LONG, LONG)) {
            assertEquals(
                    new Decision.Allowed("u"), authentication.decide(token("t")).get());
        }
    }

    @Test
    void requiredPermissionsMustBeInTheResponse() throws Exception {
        iam.on("t", new CheckUserResponse(200, "{\"sub\":\"u\"}"));
        IamSettings settings = new IamSettings(
                URI.create(iam.url()),
                RequiredPermissions.parse("[{\"permission\":\"ExecuteJobs\"}]"),
                LONG,
                LONG,
                Duration.ofSeconds(5),
                100);
        try (Authentication authentication =
                Authentication.by(settings, TrustedCertificates.platform(), () -> 0, registry)) {
            assertInstanceOf(
                    Decision.IamUnavailable.class,
                    authentication.decide(token("t")).get());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 411, 413, 414, 422, 431, 499})
    void aClientErrorRejectsOnlyItsToken(int status) throws Exception {
        assertOthersAreAdmitted(new CheckUserResponse(status, "{}"), Decision.Unauthenticated.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 408, 429, 200})
    void onlyOutagesOpenTheCircuitBreaker(int status) throws Exception {
        assertOthersAreAdmitted(new CheckUserResponse(status, "no decision"), Decision.IamUnavailable.class);
    }

    private void assertOthersAreAdmitted(CheckUserResponse response, Class<? extends Decision> decision)
            throws Exception {
        iam.user("good", "u");
        try (Authentication authentication = authentication(LONG, LONG)) {
            for (int i = 0; i < 2 * CircuitBreaker.LATEST_CALLS; i++) {
                iam.on("bad" + i, response);
                assertInstanceOf(
                        decision, authentication.decide(token("bad" + i)).get());
            }
            assertEquals(
                    new Decision.Allowed("u"),
                    authentication.decide(token("good")).get());
        }
    }

    @Test
    void inventedTokensDoNotEvictKnownUsers() throws Exception {
        try (Authentication authentication = authentication(LONG, LONG)) {
            for (int i = 0; i < 80; i++) {
                iam.user("user" + i, "u");
                authentication.decide(token("user" + i)).get();
            }
            for (int i = 0; i < 2_000; i++) {
                authentication.decide(token("made-up" + i)).get();
            }
            int calls = iam.calls();
            for (int i = 0; i < 80; i++) {
                authentication.decide(token("user" + i)).get();
            }
            assertEquals(calls, iam.calls());
        }
    }

    @Test
    void waitingTokensAreBounded() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        String large = "x".repeat(8_000);
        try (Authentication authentication = authentication(LONG, LONG)) {
            int refused = 0;
            for (int i = 0; i < 2_000; i++) {
                iam.on(i + large, new CheckUserResponse(200, "{}", () -> await(never)));
                refused += authentication.decide(token(i + large)).isDone() ? 1 : 0;
            }
            assertTrue(refused > 500, refused + " of 2,000 refused at once");
        }
        never.countDown();
    }

    @Test
    void anUnreachableIamDeniesAccess() throws Exception {
        iam.close();
        try (Authentication authentication = authentication(LONG, LONG)) {
            assertInstanceOf(
                    Decision.IamUnavailable.class,
                    authentication.decide(token("t")).get());
        }
    }

    @Test
    void usersAreAdmittedAfterTheIamRecovers() throws Exception {
        iam.on("t", new CheckUserResponse(500, "{}"));
        try (Authentication authentication = authentication(LONG, LONG)) {
            for (int i = 0; i < 20; i++) {
                assertInstanceOf(
                        Decision.IamUnavailable.class,
                        authentication.decide(token("t")).get());
            }
            iam.user("t", "u");
            eventually(() -> authentication.decide(token("t")).get() instanceof Decision.Allowed);
        }
        assertTrue(iam.calls() < 20, "the circuit breaker does not limit calls");
    }

    @Test
    void aHangingIamDeniesAccess() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        iam.on("t", new CheckUserResponse(200, user("u"), () -> await(never)));
        IamSettings settings = new IamSettings(
                URI.create(iam.url()), RequiredPermissions.parse("[]"), LONG, LONG, Duration.ofMillis(200), 100);
        try (Authentication authentication =
                Authentication.by(settings, TrustedCertificates.platform(), () -> 0, registry)) {
            assertInstanceOf(
                    Decision.IamUnavailable.class,
                    authentication.decide(token("t")).get());
        }
        never.countDown();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"permission\":\"AccessModel\",\"model\":\"*\"},{\"permission\":\"ExecuteJobs\"}] | true",
                "[{\"permission\":\"ExecuteJobs\"}]                                                  | false",
                "[]                                                                                  | false",
            })
    void everyRequiredPermissionMustBeGranted(String granted, boolean allowed) throws Exception {
        String required = "[{\"permission\":\"ExecuteJobs\"},{\"permission\":\"AccessModel\",\"model\":\"*\"}]";
        iam.on("t", new CheckUserResponse(200, "{\"sub\":\"u\",\"email\":\"u@x\",\"permissions\":" + granted + "}"));
        IamSettings settings = new IamSettings(
                URI.create(iam.url()), RequiredPermissions.parse(required), LONG, LONG, Duration.ofSeconds(5), 100);
        try (Authentication authentication =
                Authentication.by(settings, TrustedCertificates.platform(), () -> 0, registry)) {
            assertEquals(
                    allowed ? new Decision.Allowed("u") : new Decision.Denied("u"),
                    authentication.decide(token("t")).get());
        }
        assertEquals("{\"permissions\":" + required + "}", iam.lastRequestBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{}", "[1]", "[\"ExecuteJobs\"]", "[{}]"})
    void invalidPermissionsAreRejected(String json) {
        assertThrows(IllegalArgumentException.class, () -> RequiredPermissions.parse(json));
    }

    @Test
    void cacheKeysDependOnAllInputsWithoutRevealingThem() {
        byte[] none = RequiredPermissions.parse("[]").checkUserBody();
        byte[] jobs =
                RequiredPermissions.parse("[{\"permission\":\"ExecuteJobs\"}]").checkUserBody();
        TokenDigest key = new CacheKeys(none, () -> 0).of(token("hidden-token"));
        assertEquals(key, new CacheKeys(none, () -> 0).of(token("hidden-token")));
        assertNotEquals(key, new CacheKeys(none, () -> 0).of(token("hidden-tokem")));
        assertNotEquals(key, new CacheKeys(jobs, () -> 0).of(token("hidden-token")));
        assertNotEquals(key, new CacheKeys(none, () -> 1).of(token("hidden-token")));
        assertFalse((key + " " + token("hidden-token")).contains("hidden"));
    }

    @Test
    void aChangedConfigurationInvalidatesCachedDecisions() throws Exception {
        AtomicLong generation = new AtomicLong();
        iam.user("t", "u");
        try (Authentication authentication =
                Authentication.by(settings(LONG, LONG), TrustedCertificates.platform(), generation::get, registry)) {
            authentication.decide(token("t")).get();
            generation.incrementAndGet();
            iam.remove("t");
            assertInstanceOf(
                    Decision.Unauthenticated.class,
                    authentication.decide(token("t")).get());
        }
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "the condition is not met after 30 s");
            Thread.sleep(5);
        }
    }

    private Authentication authentication(Duration allow, Duration deny) {
        return Authentication.by(settings(allow, deny), TrustedCertificates.platform(), () -> 0, registry);
    }

    private IamSettings settings(Duration allow, Duration deny) {
        return new IamSettings(
                URI.create(iam.url()), RequiredPermissions.parse("[]"), allow, deny, Duration.ofSeconds(5), 100);
    }

    private static BearerToken token(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return new BearerToken(bytes, 0, bytes.length);
    }

    private static String user(String subject) {
        return "{\"sub\":\"" + subject + "\",\"email\":null,\"permissions\":[]}";
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
