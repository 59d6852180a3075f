package io.sharedinference.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sharedinference.project.StackFiles;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.FakePulumi;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DoctorTest {

    private static final String STACK = """
            config:
              shared-inference:role: %s
              shared-inference:context: %s
              shared-inference:kubeconfig: kubeconfig
              shared-inference:chart: oci://registry.test/pharia-ai
              shared-inference:domain: %s
            """;
    private static final String TENANT = """
              shared-inference:tenant: tenant1
              shared-inference:sharedStack: shared
              shared-inference:proxyImage: %s/proxy@sha256:%s
              shared-inference:proxyRegistryInsecure: true
            """;
    private static final String DIGEST = "a".repeat(64);

    @TempDir
    private Path project;

    private final Map<String, String> pulumi = new HashMap<>(Map.of(
            "version", "v3.223.0",
            "whoami", "{\"user\": \"ada\", \"url\": \"file:///backend\"}",
            "plugin ls", "[{\"name\": \"kubernetes\", \"version\": \"4.25.0\"}]",
            "stack ls", "[{\"name\": \"shared\"}, {\"name\": \"tenant1\"}]",
            "stack export", "{}",
            "config --json", "{}"));
    private HttpServer server;

    @BeforeEach
    void createProject() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/version", exchange -> {
            var body = "{\"major\": \"1\", \"minor\": \"34\", \"gitVersion\": \"v1.34.1\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/v2/", exchange -> {
            exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + DIGEST);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        Files.writeString(
                project.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {token: t}}]
                contexts: [{name: here, context: {cluster: here, user: me}}]
                """.formatted(server.getAddress().getPort()));
        stackFiles("here", "ai.acme.test");
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private void stackFiles(String context, String domain) throws Exception {
        Files.writeString(
                project.resolve("Pulumi.shared.yaml"),
                STACK.formatted("shared", context, "shared." + domain) + "  shared-inference:tenants: [tenant1]\n");
        Files.writeString(
                project.resolve("Pulumi.tenant1.yaml"),
                STACK.formatted("tenant", context, "tenant1." + domain)
                        + TENANT.formatted("127.0.0.1:" + server.getAddress().getPort(), DIGEST));
    }

    @Test
    void reportsNoProblemsForAReadyProject() {
        var findings = findings();
        assertTrue(Doctor.healthy(findings), findings.toString());
        var lines = findings.stream().map(Finding::toString).toList();
        for (var expected : List.of(
                "pulumi: v3.223.0",
                "kubernetes plugin: 4.25.0",
                "backend: file:///backend as ada",
                "stack tenant1: secrets can be decrypted",
                "context here: Kubernetes v1.34.1",
                "proxy image 127.0.0.1:" + server.getAddress().getPort() + "/proxy@sha256:" + DIGEST
                        + ": exists in the registry",
                "Pulumi.tenant1.yaml: no example values")) {
            assertTrue(lines.contains(expected), expected + " in " + lines);
        }
    }

    private interface Damage {
        void to(DoctorTest test) throws Exception;
    }

    private static Arguments broken(String subject, Finding.Level level, String fix, Damage damage) {
        return Arguments.of(subject, level, fix, damage);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                broken(
                        "pulumi",
                        Finding.Level.PROBLEM,
                        "install the Pulumi CLI",
                        test -> test.pulumi.remove("version")),
                broken(
                        "kubernetes plugin",
                        Finding.Level.WARNING,
                        "pulumi plugin install resource kubernetes 4.25.0",
                        test -> test.pulumi.put("plugin ls", "[]")),
                broken("backend", Finding.Level.PROBLEM, "pulumi login", test -> test.pulumi.remove("whoami")),
                broken(
                        "stack tenant1",
                        Finding.Level.WARNING,
                        "pulumi stack init tenant1",
                        test -> test.pulumi.put("stack ls", "[{\"name\": \"shared\"}]")),
                broken(
                        "stack tenant1",
                        Finding.Level.PROBLEM,
                        "PULUMI_CONFIG_PASSPHRASE",
                        test -> test.pulumi.remove("config --json")),
                broken(
                        "context here",
                        Finding.Level.PROBLEM,
                        "kubectl --context here get namespaces",
                        test -> test.server.stop(0)),
                broken(
                        "context nowhere",
                        Finding.Level.PROBLEM,
                        "correct context",
                        test -> test.stackFiles("nowhere", "acme.test")),
                broken(
                        "Pulumi.tenant1.yaml",
                        Finding.Level.PROBLEM,
                        "replace them",
                        test -> test.stackFiles("here", "example.com")),
                broken(
                        "JDK 25",
                        Finding.Level.PROBLEM,
                        "JAVA25_HOME",
                        test -> Files.writeString(
                                test.project.resolve("Pulumi.tenant1.yaml"),
                                Files.readString(test.project.resolve("Pulumi.tenant1.yaml"))
                                        .replaceFirst("proxyImage: .*", "proxyImageRepository: 127.0.0.1:1/proxy"))));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void reportsEachProblemWithItsFixAndRunsAllChecks(String subject, Finding.Level level, String fix, Damage damage)
            throws Exception {
        damage.to(this);
        var findings = findings();
        var found = findings.stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError(findings.toString()));
        assertEquals(level, found.level(), found.toString());
        assertTrue(found.toString().contains("Fix: ") && found.toString().contains(fix), found.toString());
        assertFalse(found.toString().contains("\n"), found.toString());
        assertTrue(findings.get(findings.size() - 1).subject().startsWith("Pulumi."), findings.toString());
        assertEquals(level != Finding.Level.PROBLEM, Doctor.healthy(findings));
    }

    @Test
    void findsAnInstalledJdk25() throws Exception {
        var home = Files.createDirectories(project.resolve("jdks/jdk-25/bin")).getParent();
        Files.writeString(home.resolve("bin/javac"), "");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        var found = new LocalTools(Map.of(), List.of(project.resolve("jdks"))).proxyJdk(true);
        assertEquals("JDK 25: " + home, found.toString());
    }

    private List<Finding> findings() {
        return new Doctor(
                        StackFiles.in(project),
                        project,
                        new LocalTools(Map.of(), List.of()),
                        () -> new Engine(FakePulumi.answering(pulumi), project))
                .findings()
                .toList();
    }
}
