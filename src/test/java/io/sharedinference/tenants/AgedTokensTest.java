package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.pulumi.FakePulumi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgedTokensTest {

    private static final String SECRETS = "/api/v1/namespaces/pharia-ai-shared/secrets/pharia-iam-service-user-";

    @TempDir
    Path directory;

    private FakeCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster();
        write("shared", "role: shared", "tenants: [blue, green, red]", "serviceUsers: {green: [green, green-2]}");
        for (var tenant : List.of("blue", "green", "red")) {
            write(tenant, "role: tenant", "tenant: " + tenant, "sharedStack: shared", "proxyImage: chart");
        }
        created("blue", 91);
        created("green", 200);
        created("green-2", 3);
        created("red", 90);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void takesTheAgeOfTheTokenInUse() {
        assertEquals(new AgedTokens(List.of("blue", "red"), List.of()), aged(90));
        assertEquals(new AgedTokens(List.of("blue"), List.of()), aged(91));
        assertEquals(new AgedTokens(List.of(), List.of()), aged(300));
    }

    @Test
    void aTenantWithoutATokenIsNotDue() throws Exception {
        write("shared", "role: shared", "tenants: [blue, green, red, yellow]");
        write("yellow", "role: tenant", "tenant: yellow", "sharedStack: shared", "proxyImage: chart");
        assertEquals(new AgedTokens(List.of("blue", "green", "red"), List.of()), aged(90));
    }

    @Test
    void whatCannotBeReadIsReported() throws Exception {
        write("red", "role: tenant", "tenant: Red");
        var aged = aged(90);
        assertEquals(List.of("blue"), aged.stacks());
        assertEquals(1, aged.unknown().size());
        assertTrue(aged.unknown().get(0).startsWith("red: its file is not valid"), aged.toString());
        cluster.close();
        assertEquals(3, aged(90).unknown().size());
    }

    private AgedTokens aged(long days) {
        return AgedTokens.of(TestProject.in(directory, FakePulumi.answering(Map.of())), days);
    }

    private void created(String user, int days) {
        cluster.answer(SECRETS + user, """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x", "creationTimestamp": "%s"}}""".formatted(
                        Instant.now().minus(Duration.ofDays(days)).minusSeconds(60)));
    }

    private void write(String stack, String... keys) throws Exception {
        var file = new StringBuilder("config:\n");
        for (var key : keys) {
            file.append("  shared-inference:").append(key).append('\n');
        }
        Files.writeString(
                directory.resolve("Pulumi." + stack + ".yaml"),
                file + """
                  shared-inference:context: %s
                  shared-inference:kubeconfig: %s
                  shared-inference:chart: oci://registry.example.com/pharia-ai
                  shared-inference:domain: example.com
                """.formatted(FakeCluster.CONTEXT, cluster.kubeconfig(directory)));
    }
}
