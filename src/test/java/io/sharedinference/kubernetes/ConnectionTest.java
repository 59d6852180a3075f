package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sharedinference.tls.PrivateCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kubeconfigs as kubectl takes them, and what is sent to the server then. */
class ConnectionTest {

    private static PrivateCa ca;

    @TempDir
    Path directory;

    private final RecordingServer server = new RecordingServer();
    private final RecordingServer proxy = new RecordingServer();

    @BeforeAll
    static void certificates(@TempDir Path shared) throws Exception {
        ca = PrivateCa.create(shared, "ip:127.0.0.1,dns:api.example.com,dns:api");
    }

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("token"), "of-the-file\n");
        var plugin = Files.writeString(directory.resolve("plugin"), """
                #!/bin/sh
                printf '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "%s"}}' "$1$ADDED"
                """);
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void close() {
        server.close();
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {token: plain}                                                         | authorization: Bearer plain
            {tokenFile: token}                                                     | authorization: Bearer of-the-file
            {token: plain, tokenFile: token}                                       | authorization: Bearer of-the-file
            {username: u, password: p}                                             | authorization: Basic dTpw
            {token: t, as: someone}                                                | impersonate-user: someone
            {token: t, as: someone, as-groups: [a, b]}                             | impersonate-group: a,b
            {token: t, as: someone, as-uid: "17"}                                  | impersonate-uid: 17
            {token: t, as: someone, as-user-extra: {scope: [x, y]}}                | impersonate-extra-scope: x,y
            {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [out], interactiveMode: Never, env: [{name: ADDED, value: put}]}} | authorization: Bearer output
            """)
    void usesCredentialsOfContextUser(String user, String sent) throws IOException {
        kubeconfig("config", "only", server.url(), user);
        ask(directory.resolve("config"), "only", Map.of());
        var header = sent.split(": ", 2);
        assertEquals(header[1], server.header(header[0]), server.requests().toString());
    }

    @Test
    void rereadsTokenFile() throws IOException {
        kubeconfig("config", "only", server.url(), "{tokenFile: token}");
        try (var client = Connection.open(Optional.of(directory.resolve("config")), "only", Map.of())) {
            client.getKubernetesVersion();
            Files.writeString(directory.resolve("token"), "renewed\n");
            client.getKubernetesVersion();
        }
        assertEquals("Bearer renewed", server.header("authorization"));
    }

    @ParameterizedTest
    @CsvSource({"production", "''", "ONLY"})
    void rejectsUnknownContextBeforeAnyRequest(String context) throws IOException {
        kubeconfig("config", "only", server.url(), "{token: t}");
        var message = assertThrows(ClusterException.class, () -> ask(directory.resolve("config"), context, Map.of()))
                .getMessage();
        assertTrue(
                message.contains("the context " + context + " does not exist")
                        && message.contains("has the contexts only"),
                message);
        assertEquals(List.of(), server.requests());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTPS_PROXY=PROXY                                  | true
            https_proxy=PROXY                                  | true
            HTTPS_PROXY=PROXY NO_PROXY=other.invalid           | true
            HTTPS_PROXY=PROXY NO_PROXY=api.cluster.invalid     | false
            HTTPS_PROXY=PROXY NO_PROXY=.cluster.invalid        | false
            HTTPS_PROXY=PROXY NO_PROXY=cluster.invalid:6443    | false
            HTTP_PROXY=PROXY                                   | false
            """)
    void usesProxyOfEnvironment(String variables, boolean proxied) throws IOException {
        kubeconfig("config", "only", "https://api.cluster.invalid:6443", "{token: t}");
        var environment = new HashMap<String, String>();
        for (var variable : variables
                .replace("PROXY ", proxy.url() + " ")
                .replaceFirst("=PROXY$", "=" + proxy.url())
                .split(" ")) {
            environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
        }
        assertThrows(RuntimeException.class, () -> ask(directory.resolve("config"), "only", environment));
        assertEquals(proxied, proxy.wasAsked(), proxy.requests().toString());
    }

    @Test
    void kubeconfigProxyOverridesNoProxy() throws IOException {
        kubeconfig("config", "only", "https://api.cluster.invalid:6443\", proxy-url: \"" + proxy.url(), "{token: t}");
        assertThrows(RuntimeException.class, () -> ask(directory.resolve("config"), "only", Map.of("NO_PROXY", "*")));
        assertEquals("CONNECT api.cluster.invalid:6443", proxy.requests().get(0));
    }

    @Test
    void mergesFilesAndSkipsMissingOnes() throws IOException {
        kubeconfig("first", "one", server.url(), "{token: first}");
        kubeconfig("second", "one", "http://127.0.0.1:1", "{token: second}");
        var files = directory.resolve("missing") + ":" + directory.resolve("first") + ":" + directory.resolve("second");
        try (var client = Connection.open(Optional.empty(), "one", Map.of("KUBECONFIG", files))) {
            client.getKubernetesVersion();
        }
        assertEquals("Bearer first", server.header("authorization"));
    }

    /** As kubectl: the server is asked for that name, and its certificate has to be for it, whatever the host is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            api.example.com   | true  | true
            api               | true  | true
            other.example.com | true  | false
            other.example.com | false | true
            ''                | true  | true
            """)
    void sendsAndVerifiesTlsServerName(String name, boolean verified, boolean accepted) throws Exception {
        try (var secure = RecordingServer.tls(ca.context())) {
            var trust = verified ? "certificate-authority: \"" + ca.pem() + "\"" : "insecure-skip-tls-verify: true";
            kubeconfig("config", "only", secure.url() + "\", " + trust + ", tls-server-name: \"" + name, "{token: t}");
            if (accepted) {
                ask(directory.resolve("config"), "only", Map.of());
                assertEquals("Bearer t", secure.header("authorization"));
            } else {
                var thrown =
                        assertThrows(RuntimeException.class, () -> ask(directory.resolve("config"), "only", Map.of()));

                assertEquals(List.of(), secure.requests());
            }
            assertEquals(name.isEmpty() ? List.of() : List.of(name), secure.serverNames());
        }
    }

    private static void ask(Path kubeconfig, String context, Map<String, String> environment) {
        try (KubernetesClient client = Connection.open(Optional.of(kubeconfig), context, environment)) {
            client.getKubernetesVersion();
        }
    }

    private void kubeconfig(String file, String context, String server, String user) throws IOException {
        Files.writeString(directory.resolve(file), """
                apiVersion: v1
                kind: Config
                current-context: other
                contexts:
                - {name: %s, context: {cluster: here, user: me}}
                clusters:
                - {name: here, cluster: {server: "%s"}}
                - {name: elsewhere, cluster: {server: "http://127.0.0.1:1"}}
                users:
                - {name: me, user: %s}
                - {name: somebody, user: {token: wrong}}
                """.formatted(context, server, user));
    }
}
