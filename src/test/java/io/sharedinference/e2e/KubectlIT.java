package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.kubernetes.RecordingServer;
import io.sharedinference.tls.PrivateCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** kubectl and the program's client must authenticate as the same user with the same kubeconfig. */
@ExtendWith(SandboxExtension.class)
class KubectlIT {

    private static final long SEED = Long.getLong("kubeconfig.seed", System.nanoTime());
    private static final int KUBECONFIGS = 40;
    private static final List<String> CREDENTIALS = List.of(
            "token: plain",
            "token: \"with \\\"quotes\\\"\"",
            "tokenFile: token",
            "token: plain, tokenFile: token",
            "username: someone, password: \"p:w\"",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [a], interactiveMode: Never}",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [b], interactiveMode: Never,"
                    + " env: [{name: ADDED, value: c}]}");
    private static final List<String> IMPERSONATION = List.of(
            "",
            ", as: someone",
            ", as: someone, as-groups: [one, two]",
            ", as: someone, as-uid: \"17\"",
            ", as: someone, as-user-extra: {scope: [x, \"y z\"], reason: [r]}");

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);

    @Test
    void bothAuthenticateAsTheSameUser(Sandbox sandbox) throws IOException, GeneralSecurityException {
        System.out.println("KubectlIT: -Dkubeconfig.seed=" + SEED);
        Files.writeString(directory.resolve("token"), "of-the-file\n");
        var plugin = Files.writeString(directory.resolve("plugin"), """
                #!/bin/sh
                printf '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "%s"}}' "exec-$1-$ADDED"
                """);
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
        var ca = PrivateCa.create(directory, "ip:127.0.0.1");
        Files.copy(ca.pem(), directory.resolve("ca.pem"));
        try (var server = RecordingServer.tls(ca.context())) {
            for (var i = 0; i < KUBECONFIGS; i++) {
                compare(sandbox, server, "{" + any(CREDENTIALS) + any(IMPERSONATION) + "}");
            }
        }
    }

    private void compare(Sandbox sandbox, RecordingServer server, String user) throws IOException {
        var kubeconfig = Files.writeString(directory.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: other
                contexts: [{name: only, context: {cluster: here, user: me}}]
                clusters: [{name: here, cluster: {server: "%s", certificate-authority: ca.pem}}]
                users: [{name: me, user: %s}]
                """.formatted(server.url(), user));
        sandbox.run("kubectl", "--kubeconfig", kubeconfig.toString(), "--context", "only", "get", "--raw", "/version")
                .succeeded();
        var expected = server.identity();
        assertFalse(expected.isEmpty(), user);
        request(kubeconfig);
        assertEquals(expected, server.identity(), user);
    }

    private static void request(Path kubeconfig) {
        try (var cluster = Cluster.open(Optional.of(kubeconfig), "only")) {
            cluster.hasNamespace("any");
        } catch (ClusterException e) {
            // the response is not a namespace
        }
    }

    private String any(List<String> parts) {
        return parts.get(random.nextInt(parts.size()));
    }
}
