package io.sharedinference.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.secrets.Token;
import io.sharedinference.tls.PrivateCa;
import io.sharedinference.verify.FakeApi.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class VerificationTest {

    private static final String USER = "user-token-4711";
    private static final String SERVICE = "service-token-0815";
    private static final String MODELS = """
            [{"name": "llama", "status": "available", "multimodal": false},
             {"name": "pharia", "status": "available", "multimodal": true}]""";
    private static final Reply OTHER_PAGE = Reply.html(200, "<html><title>Welcome to nginx!</title></html>");

    @TempDir
    Path directory;

    private FakeApi proxy;
    private FakeApi shared;
    private final List<HopResult> received = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        proxy = healthy(FakeApi.open());
        shared = healthy(FakeApi.open());
    }

    @AfterEach
    void close() {
        proxy.close();
        shared.close();
    }

    @Test
    void sendsEachTokenOnlyToItsOwnApi() {
        VerificationReport report = verify(proxy.url());
        assertTrue(report.passed(), report.toString());
        assertEquals(
                List.of(
                        Hop.CONNECT,
                        Hop.PROXY,
                        Hop.TENANT_IAM,
                        Hop.SHARED_API,
                        Hop.SHARED_URL,
                        Hop.SHARED_TOKEN,
                        Hop.MODELS),
                hops(report)
                        .subList(hops(report).indexOf(Hop.CONNECT), hops(report).size()));
        assertEquals(report.results(), received);
        assertEquals(Optional.empty(), proxy.authorization("/version"));
        assertEquals(Optional.of("Bearer " + USER), proxy.authorization("/model-settings"));
        assertEquals(Optional.of("Bearer " + SERVICE), shared.authorization("/model-settings"));
    }

    static Stream<Arguments> responsesToAnInvalidToken() {
        return Stream.of(
                Arguments.of(Reply.proxyError(401, "unauthenticated"), Optional.empty(), ""),
                Arguments.of(
                        Reply.proxyError(503, "iam_unreachable"),
                        Optional.of(Hop.TENANT_IAM),
                        "the proxy cannot reach the tenant's IAM"),
                Arguments.of(
                        Reply.proxyError(503, "secret_unavailable"), Optional.of(Hop.SECRET), "cannot read its Secret"),
                Arguments.of(Reply.json(200, MODELS), Optional.of(Hop.TENANT_IAM), "is not rejected"));
    }

    @ParameterizedTest
    @MethodSource("responsesToAnInvalidToken")
    void withoutUserTokenTheIamMustRejectAnInvalidToken(Reply reply, Optional<Hop> failed, String found) {
        proxy.on("/model-settings", reply);
        VerificationReport report = verifyWithoutUser();
        assertEquals(failed.isEmpty(), report.passed(), report.toString());
        HopResult last = report.results().get(report.results().size() - 1);
        assertEquals(failed.orElse(Hop.SHARED_TOKEN), last.hop(), report.toString());
        assertTrue(last.detail().contains(found), report.toString());
    }

    @Test
    void withoutUserTokenReportsARejectedServiceToken() {
        proxy.on("/model-settings", Reply.proxyError(401, "unauthenticated"));
        shared.on("/model-settings", Reply.json(401, "{}"));
        VerificationReport report = verifyWithoutUser();
        assertEquals(
                Hop.SHARED_TOKEN,
                report.results().get(report.results().size() - 1).hop(),
                report.toString());
        assertFalse(report.passed());
    }

    @Test
    void chartsOwnProxyMayRequireATokenForTheVersion() {
        proxy.onlyWithToken("/version", Reply.version("2.0.1"));
        VerificationReport report = verify(proxy.url());
        assertTrue(report.passed(), report.toString());
        assertTrue(report.toString().contains("version 2.0.1"), report.toString());
    }

    @Test
    void withoutUserTokenTheVersionOfAChartsOwnProxyMayBeUnknown() {
        proxy.onlyWithToken("/version", Reply.version("2.0.1")).on("/model-settings", Reply.json(401, "{}"));
        VerificationReport report = verifyWithoutUser();
        assertTrue(report.passed(), report.toString());
        assertTrue(report.toString().contains("version unknown, GET /version requires a token"), report.toString());
    }

    @Test
    void chartsOwnProxyDoesNotSayWhoseTokenIsRejected() {
        proxy.on("/model-settings", Reply.json(401, "{}"));
        assertFailed(verify(proxy.url()), Hop.TENANT_IAM, "the chart's own proxy returned 401", "get a new token");
    }

    private VerificationReport verifyWithoutUser() {
        return Verification.runWithoutUser(
                "tenant1",
                proxy.url(),
                new ApiEndpoint("shared", shared.url(), Token.of(SERVICE)),
                Optional.empty(),
                received::add);
    }

    static Stream<Arguments> faults() {
        Reply accepted = Reply.json(200, MODELS);
        Reply unauthorized = Reply.json(401, "{\"error\":\"unauthenticated\"}");
        Reply version = Reply.version("1.2.3");
        return Stream.of(
                // name, proxy /version and /model-settings, shared /version and /model-settings, hop, detail, fix
                fault(
                        "another web page",
                        OTHER_PAGE,
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "Welcome to nginx!",
                        "ingress routes to"),
                fault(
                        "an ingress's 404",
                        Reply.html(404, "default backend - 404"),
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "404 (text/html)",
                        "ingress routes to"),
                fault(
                        "a version in JSON",
                        Reply.json(200, "{\"version\":\"1.2.3\"}"),
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "semantic version",
                        "inferenceApiUrl"),
                fault(
                        "a version of two numbers",
                        Reply.version("1.2"),
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "1.2",
                        "inferenceApiUrl"),
                fault(
                        "an unknown code",
                        Reply.proxyError(431, "bad_request"),
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "431",
                        "logs of the proxy"),
                fault(
                        "invalid user token",
                        version,
                        Reply.proxyError(401, "unauthenticated"),
                        version,
                        accepted,
                        Hop.TENANT_IAM,
                        "rejects the user's token",
                        "get a new token"),
                fault(
                        "user lacks permission",
                        version,
                        Reply.proxyError(403, "permission_denied"),
                        version,
                        accepted,
                        Hop.TENANT_IAM,
                        "lacks a permission",
                        "REQUIRED_PERMISSIONS"),
                fault(
                        "tenant's IAM down",
                        version,
                        Reply.proxyError(503, "iam_unreachable"),
                        version,
                        accepted,
                        Hop.TENANT_IAM,
                        "cannot reach the tenant's IAM",
                        "pods of pharia-iam"),
                fault(
                        "no Secret",
                        Reply.proxyError(503, "secret_unavailable"),
                        accepted,
                        version,
                        accepted,
                        Hop.SECRET,
                        "cannot read its Secret",
                        "pulumi up --refresh -s tenant1"),
                fault(
                        "blocked by a network policy",
                        Reply.proxyError(502, "shared_api_unreachable"),
                        accepted,
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "though this machine can",
                        "network policies"),
                fault(
                        "shared API timeout",
                        version,
                        Reply.proxyError(504, "shared_api_timeout"),
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "did not respond to the proxy in time",
                        "load and the logs"),
                fault(
                        "shared API without HTTP",
                        version,
                        Reply.proxyError(502, "shared_api_protocol_error"),
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "does not speak HTTP",
                        "inferenceApiUrl of the shared"),
                fault(
                        "shared API error",
                        version,
                        Reply.json(500, "{}"),
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "500",
                        "logs of inference"),
                fault(
                        "wrong shared URL, at /version",
                        OTHER_PAGE,
                        accepted,
                        OTHER_PAGE,
                        accepted,
                        Hop.SHARED_URL,
                        "is not an inference API",
                        "pulumi up -s shared and"),
                fault(
                        "wrong shared URL, unreachable for the proxy",
                        Reply.proxyError(502, "shared_api_unreachable"),
                        accepted,
                        OTHER_PAGE,
                        accepted,
                        Hop.SHARED_URL,
                        "is not an inference API",
                        "pulumi up -s shared and"),
                fault(
                        "wrong shared URL, at /model-settings",
                        version,
                        OTHER_PAGE,
                        OTHER_PAGE,
                        accepted,
                        Hop.SHARED_URL,
                        "is not an inference API",
                        "correct domain or inferenceApiUrl"),
                fault(
                        "rejected service token",
                        version,
                        unauthorized,
                        version,
                        unauthorized,
                        Hop.SHARED_TOKEN,
                        "rejects the tenant's service token",
                        "tenants of stack shared lists"),
                fault(
                        "service token without role",
                        version,
                        Reply.json(403, "{}"),
                        version,
                        Reply.json(403, "{}"),
                        Hop.SHARED_TOKEN,
                        "403",
                        "pulumi up -s shared"),
                fault(
                        "proxy has an old token",
                        version,
                        unauthorized,
                        version,
                        accepted,
                        Hop.SHARED_TOKEN,
                        "accepts the one in the stack's outputs",
                        "pulumi up --refresh -s tenant1 to replace"),
                fault(
                        "no models",
                        version,
                        accepted,
                        version,
                        Reply.json(200, "{}"),
                        Hop.SHARED_URL,
                        "/model-settings",
                        "logs of inference"),
                fault(
                        "a model missing",
                        version,
                        models("llama", "a"),
                        version,
                        accepted,
                        Hop.MODELS,
                        "pharia is missing at the tenant",
                        "right installation"),
                fault(
                        "an extra model",
                        version,
                        accepted,
                        version,
                        models("llama", "available"),
                        Hop.MODELS,
                        "pharia exists only at the tenant",
                        "right installation"),
                fault(
                        "a model differs",
                        version,
                        models("llama", "loading"),
                        version,
                        models("llama", "available"),
                        Hop.MODELS,
                        "llama differs in status",
                        "right installation"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void reportsTheHopAndTheFix(String fault, List<Reply> replies, Hop hop, String found, String fix) {
        proxy.onInvalidToken(Reply.proxyError(401, "unauthenticated"));
        proxy.on("/version", replies.get(0)).on("/model-settings", replies.get(1));
        shared.on("/version", replies.get(2)).on("/model-settings", replies.get(3));
        assertFailed(verify(proxy.url()), hop, found, fix);
    }

    @Test
    void reportsAClosedPortAsConnect() throws IOException {
        assertFailed(verify(URI.create("http://127.0.0.1:" + closedPort())), Hop.CONNECT, "is unreachable", "NodePort");
    }

    @Test
    void reportsAnUnresolvableNameAsDns() {
        assertFailed(
                verify(URI.create("http://no-such-host.invalid")),
                Hop.DNS,
                "no-such-host.invalid does not resolve",
                "spelling of the name");
    }

    @Test
    void reportsPlainHttpBehindHttpsUrlAsTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server =
                    new Thread(() -> answerOnce(plain, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
            server.start();
            VerificationReport report = verify(URI.create("https://127.0.0.1:" + plain.getLocalPort()));
            assertFailed(report, Hop.TLS, "does not support TLS", "to http://");
            assertTrue(hops(report).contains(Hop.CONNECT), report.toString());
            server.join();
        }
    }

    @Test
    void reportsATlsHandshakeTimeoutAsTls() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ApiClient http = new ApiClient(Duration.ofMillis(200), Optional.empty());
            VerificationReport report =
                    verify(URI.create("https://127.0.0.1:" + silent.getLocalPort()), shared.url(), http);
            assertFailed(report, Hop.TLS, "TLS handshake", "supports TLS 1.2");
        }
    }

    @Test
    void reportsAnUntrustedCaUntilItIsPassed() throws Exception {
        PrivateCa certificate = PrivateCa.create(directory, "ip:127.0.0.1");
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            URI url = secured.url("https", "127.0.0.1");
            assertFailed(verify(url), Hop.TLS, "signed by an untrusted CA", "--cacert");
            VerificationReport trusted = verify(url, Optional.of(certificate.pem()));
            assertTrue(trusted.passed(), trusted.toString());
            assertTrue(hops(trusted).contains(Hop.TLS), trusted.toString());
        }
    }

    @Test
    void trustsTheCaOfTheSharedStackForTheSharedApi() throws Exception {
        PrivateCa certificate = PrivateCa.create(directory, "ip:127.0.0.1");
        Optional<String> ca = Optional.of(Files.readString(certificate.pem()));
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            URI url = secured.url("https", "127.0.0.1");
            VerificationReport trusted = verifyShared(url, ca);
            assertTrue(trusted.passed(), trusted.toString());
            assertTrue(verify(proxy.url(), url, new ApiClient(Duration.ofSeconds(5), Optional.of(certificate.pem())))
                    .passed());
            assertFailed(
                    verifyShared(url, Optional.empty()),
                    Hop.SHARED_URL,
                    "signed by an untrusted CA",
                    "pulumi config set inferenceApiCa -s shared < ca.pem");
            PrivateCa other = PrivateCa.create(directory, "dns:other.example");
            assertFailed(
                    verifyShared(url, Optional.of(Files.readString(other.pem()))),
                    Hop.SHARED_URL,
                    "signed by an untrusted CA",
                    "pulumi up -s tenant1");
        }
    }

    @Test
    void doesNotTrustTheCaOfTheSharedStackForTheTenant() throws Exception {
        PrivateCa certificate = PrivateCa.create(directory, "ip:127.0.0.1");
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            URI url = secured.url("https", "127.0.0.1");
            VerificationReport report = verify(
                    url,
                    url,
                    Optional.of(Files.readString(certificate.pem())),
                    new ApiClient(Duration.ofSeconds(5), Optional.empty()));
            assertFailed(report, Hop.TLS, "signed by an untrusted CA", "--cacert");
        }
    }

    @Test
    void reportsACertificateForAnotherHostAsTls() throws Exception {
        PrivateCa certificate = PrivateCa.create(directory, "dns:elsewhere.example");
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            assertFailed(
                    verify(secured.url("https", "127.0.0.1"), Optional.of(certificate.pem())),
                    Hop.TLS,
                    "does not match the host name",
                    "use a host name");
        }
    }

    @Test
    void reportsAResponseTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            ApiClient http = new ApiClient(Duration.ofMillis(100), Optional.empty());
            assertFailed(verify(url, shared.url(), http), Hop.PROXY, "sent no complete response", "http or https");
        }
    }

    @Test
    void reportsASharedApiUnreachableFromThisMachine() throws IOException {
        URI nobody = URI.create("http://127.0.0.1:" + closedPort());
        VerificationReport report = verify(proxy.url(), nobody, new ApiClient(Duration.ofSeconds(2), Optional.empty()));
        assertFailed(report, Hop.SHARED_URL, nobody.toString(), "run verify on one that can");
        assertTrue(hops(report).contains(Hop.SHARED_API), report.toString());
    }

    @Test
    void ignoresTheOrderOfModels() {
        proxy.on("/model-settings", Reply.json(200, """
                [{"name": "pharia", "multimodal": true, "status": "available"},
                 {"status": "available", "name": "llama", "multimodal": false}]"""));
        VerificationReport report = verify(proxy.url());
        assertTrue(report.passed(), report.toString());
    }

    @Test
    void keepsThePathOfTheUrl() {
        proxy.on("/inference/version", Reply.version("2.0.0-rc.1+build.5"))
                .on("/inference/model-settings", Reply.json(200, MODELS));
        VerificationReport report = verify(URI.create(proxy.url() + "/inference/"));
        assertTrue(report.passed(), report.toString());
    }

    @Test
    void rejectsAnInvalidCaFileBeforeAnyRequest() throws IOException {
        Path noPem = Files.writeString(directory.resolve("ca.pem"), "no certificate");
        VerificationException rejected =
                assertThrows(VerificationException.class, () -> verify(proxy.url(), Optional.of(noPem)));
        assertTrue(rejected.getMessage().contains(noPem.toString()), rejected.getMessage());
        assertTrue(rejected.getMessage().contains("PEM"), rejected.getMessage());
        Path missing = directory.resolve("missing.pem");
        assertTrue(assertThrows(VerificationException.class, () -> verify(proxy.url(), Optional.of(missing)))
                .getMessage()
                .contains(missing.toString()));
    }

    private static Arguments fault(
            String name,
            Reply version,
            Reply models,
            Reply sharedVersion,
            Reply sharedModels,
            Hop hop,
            String found,
            String fix) {
        return Arguments.of(name, List.of(version, models, sharedVersion, sharedModels), hop, found, fix);
    }

    private static Reply models(String name, String status) {
        return Reply.json(200, """
                [{"name": "%s", "status": "%s", "multimodal": false}]""".formatted(name, status));
    }

    private static FakeApi healthy(FakeApi api) {
        return api.on("/version", Reply.version("1.2.3\n")).on("/model-settings", Reply.json(200, MODELS));
    }

    private VerificationReport verify(URI tenant) {
        return verify(tenant, Optional.empty());
    }

    private VerificationReport verify(URI tenant, Optional<Path> caFile) {
        return verify(tenant, shared.url(), new ApiClient(Duration.ofSeconds(5), caFile));
    }

    private VerificationReport verify(URI tenant, URI sharedUrl, ApiClient http) {
        return verify(tenant, sharedUrl, Optional.empty(), http);
    }

    private VerificationReport verifyShared(URI sharedUrl, Optional<String> ca) {
        return verify(proxy.url(), sharedUrl, ca, new ApiClient(Duration.ofSeconds(5), Optional.empty()));
    }

    private VerificationReport verify(URI tenant, URI sharedUrl, Optional<String> sharedCa, ApiClient http) {
        return new Verification(
                        new ApiEndpoint("tenant1", tenant, Token.of(USER)),
                        true,
                        new ApiEndpoint("shared", sharedUrl, Token.of(SERVICE), sharedCa),
                        http,
                        received::add)
                .run();
    }

    private static void assertFailed(VerificationReport report, Hop hop, String found, String fix) {
        assertFalse(report.passed(), report.toString());
        HopResult.Failed failed =
                (HopResult.Failed) report.results().get(report.results().size() - 1);
        assertEquals(hop, failed.hop(), failed.toString());
        assertTrue(failed.detail().contains(found), failed.toString());
        assertTrue(failed.fix().contains(fix), failed.toString());
        assertFalse(report.toString().contains(USER) || report.toString().contains(SERVICE), report.toString());
    }

    private static List<Hop> hops(VerificationReport report) {
        return report.results().stream().map(HopResult::hop).toList();
    }

    private static void answerOnce(ServerSocket server, String response) {
        try (Socket client = server.accept()) {
            client.getInputStream().read();
            client.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
