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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerificationTest {

    private static final String USER = "user-token-4711";
    private static final String SERVICE = "service-token-0815";
    private static final String MODELS = """
            [{"name": "llama", "status": "available", "multimodal": false},
             {"name": "pharia", "status": "available", "multimodal": true}]""";
    private static final Reply OTHER_PAGE = Reply.html(200, "<html><title>Welcome to nginx!</title></html>");

    @TempDir
    Path folder;

    private FakeApi proxy;
    private FakeApi shared;
    private final List<Step> heard = new ArrayList<>();

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
    void passesHopByHopWithEachTokenAtItsOwnApi() {
        Report report = verify(proxy.url());
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
        assertEquals(report.steps(), heard);
        assertEquals(Optional.empty(), proxy.authorization("/version"));
        assertEquals(Optional.of("Bearer " + USER), proxy.authorization("/model-settings"));
        assertEquals(Optional.of("Bearer " + SERVICE), shared.authorization("/model-settings"));
    }

    static Stream<Arguments> answersToATokenThatNobodyHas() {
        return Stream.of(
                Arguments.of(Reply.proxyError(401, "unauthenticated"), Optional.empty(), ""),
                Arguments.of(
                        Reply.proxyError(503, "iam_unreachable"),
                        Optional.of(Hop.TENANT_IAM),
                        "the proxy can't reach the tenant's IAM"),
                Arguments.of(
                        Reply.proxyError(503, "secret_unavailable"), Optional.of(Hop.SECRET), "can't read its Secret"),
                Arguments.of(Reply.json(200, MODELS), Optional.of(Hop.TENANT_IAM), "isn't refused"));
    }

    @ParameterizedTest
    @MethodSource("answersToATokenThatNobodyHas")
    void withoutAUserTheIamHasToRefuseATokenThatNobodyHas(Reply reply, Optional<Hop> failed, String found) {
        proxy.on("/model-settings", reply);
        Report report = probe();
        assertEquals(failed.isEmpty(), report.passed(), report.toString());
        Step last = report.steps().get(report.steps().size() - 1);
        assertEquals(failed.orElse(Hop.SHARED_TOKEN), last.hop(), report.toString());
        assertTrue(last.detail().contains(found), report.toString());
    }

    @Test
    void withoutAUserARefusedServiceTokenIsFoundToo() {
        proxy.on("/model-settings", Reply.proxyError(401, "unauthenticated"));
        shared.on("/model-settings", Reply.json(401, "{}"));
        Report report = probe();
        assertEquals(
                Hop.SHARED_TOKEN, report.steps().get(report.steps().size() - 1).hop(), report.toString());
        assertFalse(report.passed());
    }

    private Report probe() {
        return Verification.probe(
                "tenant1",
                proxy.url(),
                new Installation("shared", shared.url(), Token.of(SERVICE)),
                Optional.empty(),
                heard::add);
    }

    static Stream<Arguments> faults() {
        Reply accepted = Reply.json(200, MODELS);
        Reply refused = Reply.json(401, "{\"error\":\"unauthenticated\"}");
        Reply version = Reply.version("1.2.3");
        return Stream.of(
                // what, proxy /version and /model-settings, shared /version and /model-settings, hop, found, to do
                fault(
                        "something else",
                        OTHER_PAGE,
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "Welcome to nginx!",
                        "ingress leads to"),
                fault(
                        "an ingress's 404",
                        Reply.html(404, "default backend - 404"),
                        accepted,
                        version,
                        accepted,
                        Hop.PROXY,
                        "404 (text/html)",
                        "ingress leads to"),
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
                        "two numbers",
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
                        "log of the proxy"),
                fault(
                        "user's token bad",
                        version,
                        Reply.proxyError(401, "unauthenticated"),
                        version,
                        accepted,
                        Hop.TENANT_IAM,
                        "doesn't know the user's token",
                        "Get a new token"),
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
                        "can't reach the tenant's IAM",
                        "pods of pharia-iam"),
                fault(
                        "no Secret",
                        Reply.proxyError(503, "secret_unavailable"),
                        accepted,
                        version,
                        accepted,
                        Hop.SECRET,
                        "can't read its Secret",
                        "pulumi up --refresh -s tenant1"),
                fault(
                        "policy in between",
                        Reply.proxyError(502, "shared_api_unreachable"),
                        accepted,
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "though this machine can",
                        "network policies"),
                fault(
                        "shared slow",
                        version,
                        Reply.proxyError(504, "shared_api_timeout"),
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "no answer in time",
                        "load and the logs"),
                fault(
                        "shared no HTTP",
                        version,
                        Reply.proxyError(502, "shared_api_protocol_error"),
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "no proper HTTP",
                        "inferenceApiUrl of the shared"),
                fault(
                        "shared broken",
                        version,
                        Reply.json(500, "{}"),
                        version,
                        accepted,
                        Hop.SHARED_API,
                        "500",
                        "logs of the shared"),
                fault(
                        "shared URL wrong, seen at once",
                        OTHER_PAGE,
                        accepted,
                        OTHER_PAGE,
                        accepted,
                        Hop.SHARED_URL,
                        "is no inference API",
                        "pulumi up -s shared and"),
                fault(
                        "shared URL wrong, proxy can't reach",
                        Reply.proxyError(502, "shared_api_unreachable"),
                        accepted,
                        OTHER_PAGE,
                        accepted,
                        Hop.SHARED_URL,
                        "is no inference API",
                        "pulumi up -s shared and"),
                fault(
                        "shared URL wrong, seen late",
                        version,
                        OTHER_PAGE,
                        OTHER_PAGE,
                        accepted,
                        Hop.SHARED_URL,
                        "is no inference API",
                        "Correct domain or inferenceApiUrl"),
                fault(
                        "service token refused",
                        version,
                        refused,
                        version,
                        refused,
                        Hop.SHARED_TOKEN,
                        "refuses the tenant's service token",
                        "list of tenants of stack shared"),
                fault(
                        "service token's role missing",
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
                        refused,
                        version,
                        accepted,
                        Hop.SHARED_TOKEN,
                        "accepts the one in the stack's outputs",
                        "pulumi up --refresh -s tenant1: the proxy"),
                fault(
                        "no models",
                        version,
                        accepted,
                        version,
                        Reply.json(200, "{}"),
                        Hop.SHARED_URL,
                        "/model-settings",
                        "logs of the shared"),
                fault(
                        "a model missing",
                        version,
                        models("llama", "a"),
                        version,
                        accepted,
                        Hop.MODELS,
                        "pharia is missing at the tenant",
                        "another installation"),
                fault(
                        "a model too many",
                        version,
                        accepted,
                        version,
                        models("llama", "available"),
                        Hop.MODELS,
                        "pharia is only at the tenant",
                        "another installation"),
                fault(
                        "a model differs",
                        version,
                        models("llama", "loading"),
                        version,
                        models("llama", "available"),
                        Hop.MODELS,
                        "llama differs in status",
                        "another installation"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void namesTheHopAndTheRemedy(String fault, List<Reply> replies, Hop hop, String found, String remedy) {
        proxy.on("/version", replies.get(0)).on("/model-settings", replies.get(1));
        shared.on("/version", replies.get(2)).on("/model-settings", replies.get(3));
        assertFailed(verify(proxy.url()), hop, found, remedy);
    }

    @Test
    void aClosedPortIsTheConnection() throws IOException {
        assertFailed(
                verify(URI.create("http://127.0.0.1:" + closedPort())), Hop.CONNECT, "can't be reached", "NodePort");
    }

    @Test
    void aNameWithoutAddressIsDns() {
        assertFailed(
                verify(URI.create("http://no-such-host.invalid")),
                Hop.DNS,
                "no-such-host.invalid has no address",
                "spelt right");
    }

    @Test
    void plainHttpWhereTlsIsExpectedIsTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server =
                    new Thread(() -> answerOnce(plain, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
            server.start();
            Report report = verify(URI.create("https://127.0.0.1:" + plain.getLocalPort()));
            assertFailed(report, Hop.TLS, "speaks no TLS", "write http://");
            assertTrue(hops(report).contains(Hop.CONNECT), report.toString());
            server.join();
        }
    }

    @Test
    void aServerThatDoesNotAnswerTheTlsHandshakeIsTls() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Http http = new Http(Duration.ofMillis(200), Optional.empty());
            Report report = verify(URI.create("https://127.0.0.1:" + silent.getLocalPort()), shared.url(), http);
            assertFailed(report, Hop.TLS, "TLS handshake", "has TLS at all");
        }
    }

    @Test
    void aCertificateOfAnUnknownCaIsTlsUntilTheCaIsNamed() throws Exception {
        PrivateCa certificate = PrivateCa.create(folder, "ip:127.0.0.1");
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            URI url = secured.url("https", "127.0.0.1");
            assertFailed(verify(url), Hop.TLS, "no CA that this machine trusts", "--cacert");
            Report trusted = verify(url, Optional.of(certificate.pem()));
            assertTrue(trusted.passed(), trusted.toString());
            assertTrue(hops(trusted).contains(Hop.TLS), trusted.toString());
        }
    }

    @Test
    void theSharedApisCertificateIsCheckedWithTheCaOfItsStack() throws Exception {
        PrivateCa certificate = PrivateCa.create(folder, "ip:127.0.0.1");
        Optional<String> ca = Optional.of(Files.readString(certificate.pem()));
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            URI url = secured.url("https", "127.0.0.1");
            Report trusted = verifyShared(url, ca);
            assertTrue(trusted.passed(), trusted.toString());
            assertTrue(verify(proxy.url(), url, new Http(Duration.ofSeconds(5), Optional.of(certificate.pem())))
                    .passed());
            assertFailed(
                    verifyShared(url, Optional.empty()),
                    Hop.SHARED_URL,
                    "no CA that this machine trusts",
                    "pulumi config set inferenceApiCa -s shared < ca.pem");
            PrivateCa other = PrivateCa.create(folder, "dns:other.example");
            assertFailed(
                    verifyShared(url, Optional.of(Files.readString(other.pem()))),
                    Hop.SHARED_URL,
                    "no CA that this machine trusts",
                    "pulumi up -s tenant1");
        }
    }

    @Test
    void theCaOfTheSharedStackIsNotBelievedForTheTenant() throws Exception {
        PrivateCa certificate = PrivateCa.create(folder, "ip:127.0.0.1");
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            URI url = secured.url("https", "127.0.0.1");
            Report report = verify(
                    url,
                    url,
                    Optional.of(Files.readString(certificate.pem())),
                    new Http(Duration.ofSeconds(5), Optional.empty()));
            assertFailed(report, Hop.TLS, "no CA that this machine trusts", "--cacert");
        }
    }

    @Test
    void aCertificateForAnotherNameIsTls() throws Exception {
        PrivateCa certificate = PrivateCa.create(folder, "dns:elsewhere.example");
        try (FakeApi secured = healthy(FakeApi.openTls(certificate.context()))) {
            assertFailed(
                    verify(secured.url("https", "127.0.0.1"), Optional.of(certificate.pem())),
                    Hop.TLS,
                    "is for another name",
                    "Use the name");
        }
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsNamedWithinItsTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            Http http = new Http(Duration.ofMillis(100), Optional.empty());
            assertFailed(verify(url, shared.url(), http), Hop.PROXY, "gave no whole answer", "http or https");
        }
    }

    @Test
    void aSharedApiThatThisMachineCantReachIsNamedAsSuch() throws IOException {
        URI nobody = URI.create("http://127.0.0.1:" + closedPort());
        Report report = verify(proxy.url(), nobody, new Http(Duration.ofSeconds(2), Optional.empty()));
        assertFailed(report, Hop.SHARED_URL, nobody.toString(), "verify from one that can");
        assertTrue(hops(report).contains(Hop.SHARED_API), report.toString());
    }

    @Test
    void theOrderOfTheModelsMeansNothing() {
        proxy.on("/model-settings", Reply.json(200, """
                [{"name": "pharia", "multimodal": true, "status": "available"},
                 {"status": "available", "name": "llama", "multimodal": false}]"""));
        Report report = verify(proxy.url());
        assertTrue(report.passed(), report.toString());
    }

    @Test
    void aPathInTheUrlIsKept() {
        proxy.on("/inference/version", Reply.version("2.0.0-rc.1+build.5"))
                .on("/inference/model-settings", Reply.json(200, MODELS));
        Report report = verify(URI.create(proxy.url() + "/inference/"));
        assertTrue(report.passed(), report.toString());
    }

    @Test
    void aCaFileThatHoldsNoneIsRefusedBeforeAnyCall() throws IOException {
        Path noPem = Files.writeString(folder.resolve("ca.pem"), "no certificate");
        VerificationException refused =
                assertThrows(VerificationException.class, () -> verify(proxy.url(), Optional.of(noPem)));
        assertTrue(refused.getMessage().contains(noPem.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("PEM"), refused.getMessage());
        Path missing = folder.resolve("missing.pem");
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
            String remedy) {
        return Arguments.of(name, List.of(version, models, sharedVersion, sharedModels), hop, found, remedy);
    }

    private static Reply models(String name, String status) {
        return Reply.json(200, """
                [{"name": "%s", "status": "%s", "multimodal": false}]""".formatted(name, status));
    }

    private static FakeApi healthy(FakeApi api) {
        return api.on("/version", Reply.version("1.2.3\n")).on("/model-settings", Reply.json(200, MODELS));
    }

    private Report verify(URI tenant) {
        return verify(tenant, Optional.empty());
    }

    private Report verify(URI tenant, Optional<Path> cas) {
        return verify(tenant, shared.url(), new Http(Duration.ofSeconds(5), cas));
    }

    private Report verify(URI tenant, URI sharedUrl, Http http) {
        return verify(tenant, sharedUrl, Optional.empty(), http);
    }

    private Report verifyShared(URI sharedUrl, Optional<String> ca) {
        return verify(proxy.url(), sharedUrl, ca, new Http(Duration.ofSeconds(5), Optional.empty()));
    }

    private Report verify(URI tenant, URI sharedUrl, Optional<String> sharedCa, Http http) {
        return new Verification(
                        new Installation("tenant1", tenant, Token.of(USER)),
                        true,
                        new Installation("shared", sharedUrl, Token.of(SERVICE), sharedCa),
                        http,
                        heard::add)
                .run();
    }

    private static void assertFailed(Report report, Hop hop, String found, String remedy) {
        assertFalse(report.passed(), report.toString());
        Step.Failed failed = (Step.Failed) report.steps().get(report.steps().size() - 1);
        assertEquals(hop, failed.hop(), failed.toString());
        assertTrue(failed.detail().contains(found), failed.toString());
        assertTrue(failed.remedy().contains(remedy), failed.toString());
        assertFalse(report.toString().contains(USER) || report.toString().contains(SERVICE), report.toString());
    }

    private static List<Hop> hops(Report report) {
        return report.steps().stream().map(Step::hop).toList();
    }

    private static void answerOnce(ServerSocket server, String answer) {
        try (Socket client = server.accept()) {
            client.getInputStream().read();
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
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
