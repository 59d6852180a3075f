package io.sharedinference.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to the IAM and to the shared API with a private CA. */
@Tag("slow")
class TlsTest {
    private static final String REQUEST =
            RawClient.crlf("GET /x HTTP/1.1\nHost: t\nAuthorization: Bearer " + ProxyFixture.TOKEN + "\n\n");

    @TempDir
    private Path directory;

    @Test
    void certificatesOfTheCaFileAreTrustedAndOthersAreNot() throws Exception {
        Path store = directory.resolve("store.p12");
        Path pem = Tls.selfSigned(store, "changeit");
        try (FakeOrigin origin = new FakeOrigin(Tls.serverSocket(store, "changeit"));
                FakeIam iam = FakeIam.secure(Tls.context(store, "changeit")).user(ProxyFixture.TOKEN, "alice");
                ProxyFixture trusting = ProxyFixture.start("IAM_URL", iam.url(), "CA_FILE", pem.toString());
                ProxyFixture untrustedIam = ProxyFixture.start("IAM_URL", iam.url());
                ProxyFixture untrustedApi = ProxyFixture.start()) {
            mount(trusting, "https://127.0.0.1:" + origin.port());
            assertEquals(200, trusting.get("/x").status());
            ErrorResponseTest.assertError(untrustedIam.get("/x"), 503, "iam_unreachable");
            mount(untrustedApi, "https://127.0.0.1:" + origin.port());
            ErrorResponseTest.assertError(untrustedApi.get("/x"), 502, "shared_api_unreachable");
            mount(trusting, "https://localhost:" + origin.port());
            ErrorResponseTest.assertError(trusting.get("/x"), 502, "shared_api_unreachable");
        }
    }

    @Test
    void aCommonNameAloneIsNotTrusted() throws Exception {
        Path store = directory.resolve("store.p12");
        Path pem = Tls.selfSigned(store, "changeit", "CN=localhost");
        Path named = directory.resolve("named.p12");
        Path namedPem = Tls.selfSigned(named, "changeit", "CN=x", "-ext", "SAN=dns:localhost");
        try (FakeOrigin origin = new FakeOrigin(Tls.serverSocket(store, "changeit"));
                FakeOrigin namedOrigin = new FakeOrigin(Tls.serverSocket(named, "changeit"));
                ProxyFixture fixture = ProxyFixture.start()) {
            mount(fixture, "https://localhost:" + origin.port(), "a", Optional.of(Files.readString(pem)));
            ErrorResponseTest.assertError(fixture.get("/x"), 502, "shared_api_unreachable");
            mount(fixture, "https://localhost:" + namedOrigin.port(), "b", Optional.of(Files.readString(namedPem)));
            assertEquals(200, fixture.get("/x").status());
        }
    }

    @Test
    void theCaOfTheSecretIsTrustedWhileItExists() throws Exception {
        Path store = directory.resolve("store.p12");
        String ca = Files.readString(Tls.selfSigned(store, "changeit"));
        try (FakeOrigin origin = new FakeOrigin(Tls.serverSocket(store, "changeit"));
                ProxyFixture fixture = ProxyFixture.start();
                // on one connection, so that the pooled connection to the shared API exists, but must not be reused
                RawClient client = fixture.client()) {
            String url = "https://127.0.0.1:" + origin.port();
            mount(fixture, url, "with-ca", Optional.of(ca));
            assertEquals(200, client.send(REQUEST).response().status());
            mount(fixture, url, "without-ca", Optional.empty());
            ErrorResponseTest.assertError(client.send(REQUEST).response(), 502, "shared_api_unreachable");
            mount(fixture, url, "with-ca-again", Optional.of(ca));
            assertEquals(200, client.send(REQUEST).response().status());
        }
    }

    @Test
    void aChangeOfTheCaAloneIsPickedUp() throws Exception {
        Path store = directory.resolve("store.p12");
        String ca = Files.readString(Tls.selfSigned(store, "changeit"));
        String other = Files.readString(Tls.selfSigned(directory.resolve("other.p12"), "changeit"));
        try (FakeOrigin origin = new FakeOrigin(Tls.serverSocket(store, "changeit"));
                ProxyFixture fixture = ProxyFixture.start()) {
            String url = "https://127.0.0.1:" + origin.port();
            mount(fixture, url, "same-token", Optional.of(other));
            ErrorResponseTest.assertError(fixture.get("/x"), 502, "shared_api_unreachable");
            fixture.mount("both", keys(url, "same-token", Optional.of(other + ca)));
            ProxyFixture.eventually(() -> fixture.get("/x").status() == 200);
            fixture.mount("other", keys(url, "same-token", Optional.of(other)));
            ProxyFixture.eventually(() -> fixture.get("/x").status() == 502);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void nothingIsForwardedWithABrokenCa(String ca) throws Exception {
        try (ProxyFixture fixture = ProxyFixture.start()) {
            fixture.mount("v2", keys(fixture.origin.url(), "t", Optional.of(ca)));
            ProxyFixture.eventually(() -> fixture.get("/x").status() == 503);
            int before = fixture.origin.received().size();
            ErrorResponseTest.assertError(fixture.get("/x"), 503, "secret_unavailable");
            assertEquals(before, fixture.origin.received().size());
            String ready = RawClient.exchange(fixture.proxy.opsPort(), "GET /readyz HTTP/1.1\nHost: ops\n\n")
                    .body();
            assertTrue(ready.contains("remote-inference-api-ca contains "), ready);
        }
    }

    @Test
    void noRequestFailsWhileTheSharedApiMovesFromCaToCa() throws Exception {
        Path one = directory.resolve("one.p12");
        Path other = directory.resolve("other.p12");
        String ca = Files.readString(Tls.selfSigned(one, "changeit"));
        String otherCa = Files.readString(Tls.selfSigned(other, "changeit"));
        try (FakeOrigin secure = new FakeOrigin(Tls.serverSocket(one, "changeit"));
                FakeOrigin moved = new FakeOrigin(Tls.serverSocket(other, "changeit"));
                ProxyFixture fixture = ProxyFixture.start()) {
            SteadyUsers users = new SteadyUsers(fixture);
            mount(fixture, "https://127.0.0.1:" + secure.port(), "a", Optional.of(ca));
            mount(fixture, "https://127.0.0.1:" + moved.port(), "b", Optional.of(otherCa));
            mount(fixture, fixture.origin.url(), "c", Optional.empty());
            users.assertNoneFailed();
        }
    }

    private static void mount(ProxyFixture fixture, String url) throws Exception {
        mount(fixture, url, ProxyFixture.SERVICE_TOKEN, Optional.empty());
    }

    /** Mounts the Secret and waits until it is loaded. */
    private static void mount(ProxyFixture fixture, String url, String token, Optional<String> ca) throws Exception {
        long before = loaded(fixture);
        fixture.mount("v" + System.nanoTime(), keys(url, token, ca));
        ProxyFixture.eventually(() -> loaded(fixture) > before);
    }

    private static long loaded(ProxyFixture fixture) {
        return fixture.logged()
                .lines()
                .filter(line -> line.contains("\"event\":\"secret loaded\""))
                .count();
    }

    private static Map<String, String> keys(String url, String token, Optional<String> ca) {
        Map<String, String> keys =
                new HashMap<>(Map.of("remote-inference-api-url", url, "remote-inference-api-token", token));
        ca.ifPresent(pem -> keys.put("remote-inference-api-ca", pem));
        return keys;
    }
}
