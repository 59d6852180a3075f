package io.sharedinference.project;

import static io.sharedinference.project.ConfigFixtures.settings;
import static io.sharedinference.project.ConfigFixtures.shared;
import static io.sharedinference.project.ConfigFixtures.tenant;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {

    @TempDir
    Path checkout;

    private final Map<String, String> environment = new HashMap<>();
    private ServerSocket apiServer;

    @BeforeEach
    void startApiServer() throws IOException {
        apiServer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        environment.put("KUBECONFIG", kubeconfig("kubeconfig", "gpu", server()).toString());
    }

    @AfterEach
    void close() throws IOException {
        apiServer.close();
    }

    @Test
    void acceptsReachableCluster() {
        assertEquals("", problems(shared()));
    }

    @Test
    void reportsMissingKubeconfig() {
        environment.put("KUBECONFIG", checkout.resolve("nowhere").toString());
        assertContains(
                problems(shared()),
                "shared-inference:kubeconfig",
                checkout.resolve("nowhere").toString());
    }

    @Test
    void configuredKubeconfigTakesPrecedence() {
        var keys = shared();
        keys.put("kubeconfig", "elsewhere");
        assertContains(
                problems(keys),
                "shared-inference:kubeconfig = \"elsewhere\"",
                checkout.resolve("elsewhere").toString());
    }

    @Test
    void reportsInvalidKubeconfigWithoutQuotingIt() throws IOException {
        Files.writeString(Path.of(environment.get("KUBECONFIG")), "users: [hush-hush\n");
        var message = problems(shared());
        assertContains(message, "is not a valid kubeconfig");
        assertFalse(message.contains("hush-hush"), message);
    }

    @Test
    void reportsUnknownContextWithAvailableOnes() {
        var keys = shared();
        keys.put("context", "no-such-context");
        assertContains(problems(keys), "shared-inference:context = \"no-such-context\"", "gpu");
    }

    @Test
    void mergesKubeconfigFiles() throws IOException {
        environment.put(
                "KUBECONFIG",
                kubeconfig("second", "other", server())
                        + File.pathSeparator
                        + checkout.resolve("missing")
                        + File.pathSeparator
                        + environment.get("KUBECONFIG"));
        assertEquals("", problems(shared()));
    }

    @Test
    void reportsUnreachableClusterWithItsAddress() throws IOException {
        var address = server();
        apiServer.close();
        assertContains(
                problems(shared()), "shared-inference:context = \"gpu\"", address, "cannot connect to the API server");
    }

    @Test
    void skipsConnectionThroughProxy() throws IOException {
        apiServer.close();
        environment.put("HTTPS_PROXY", "http://proxy.example.com:3128");
        assertEquals("", problems(shared()));
    }

    @Test
    void reportsInvalidServerUrl() throws IOException {
        environment.put("KUBECONFIG", kubeconfig("odd", "gpu", "no url").toString());
        assertContains(problems(shared()), "no url", "not a URL");
    }

    @Test
    void reportsMissingLocalChartWithItsPath() {
        var keys = shared();
        keys.put("chart", "./chart");
        assertContains(
                problems(keys),
                "shared-inference:chart = \"./chart\"",
                checkout.resolve("./chart").toString(),
                "shared-inference:chartRepository");
    }

    @Test
    void acceptsChartInHelmRepository() throws IOException {
        var known = Files.writeString(
                checkout.resolve("repositories.yaml"),
                "repositories: [{name: vendor, url: https://charts.example.com}]");
        environment.put("HELM_REPOSITORY_CONFIG", known.toString());
        var keys = shared();
        keys.put("chart", "vendor/pharia-ai");
        assertEquals("", problems(keys));
        keys.put("chart", "vendr/pharia-ai");
        assertContains(
                problems(keys),
                "the Helm repository vendr does not exist in " + known,
                "which has vendor",
                "helm repo add vendr URL");
        Files.createDirectories(checkout.resolve("vendr/pharia-ai"));
        assertContains(problems(keys), "neither a chart archive nor a directory with a Chart.yaml");
    }

    @Test
    void acceptsChartDirectory() throws IOException {
        Files.writeString(Files.createDirectory(checkout.resolve("chart")).resolve("Chart.yaml"), "name: pharia-ai\n");
        var keys = shared();
        keys.put("chart", "./chart");
        assertEquals("", problems(keys));
    }

    @Test
    void rejectsNamespaceOfAnotherTenant() throws IOException {
        stack("green", "role: tenant", "tenant: green", "context: gpu", "namespace: blue");
        assertContains(
                problems(tenantInThisCluster()),
                "shared-inference:namespace = \"blue\"",
                "Pulumi.green.yaml",
                "role tenant");
    }

    @Test
    void rejectsNamespaceOfSharedInstallation() throws IOException {
        stack("shared", "role: shared", "context: gpu");
        var keys = tenantInThisCluster();
        keys.put("namespace", "pharia-ai-shared");
        assertContains(
                problems(keys),
                "shared-inference:namespace = \"pharia-ai-shared\"",
                "Pulumi.shared.yaml",
                "role shared");
    }

    @Test
    void identifiesClusterByItsServer() throws IOException {
        environment.merge(
                "KUBECONFIG",
                kubeconfig("second", "alias", server()).toString(),
                (one, other) -> one + File.pathSeparator + other);
        stack("green", "role: tenant", "tenant: blue", "context: alias");
        assertContains(problems(tenantInThisCluster()), "Pulumi.green.yaml");
    }

    @Test
    void acceptsSameNamespaceInAnotherCluster() throws IOException {
        environment.merge(
                "KUBECONFIG",
                kubeconfig("second", "far", "https://far.example.com").toString(),
                (one, other) -> one + File.pathSeparator + other);
        stack("green", "role: tenant", "tenant: green", "context: far", "namespace: blue");
        assertEquals("", problems(tenantInThisCluster()));
    }

    @Test
    void skipsOwnAndInvalidStackFiles() throws IOException {
        stack("mine", "role: tenant", "tenant: blue", "context: gpu");
        Files.writeString(checkout.resolve("Pulumi.broken.yaml"), "config: [\n");
        Files.writeString(checkout.resolve("Pulumi.empty.yaml"), "");
        assertEquals("", problems(tenantInThisCluster()));
    }

    @Test
    void findsDependentStacks() throws IOException {
        stack("green", "role: tenant", "tenant: green", "sharedStack: mine");
        stack("blue", "role: tenant", "tenant: b", "sharedStack: organization/shared-inference/mine");
        stack("red", "role: tenant", "tenant: red", "sharedStack: other");
        stack("handover", "role: handover", "tenant: yellow", "context: gpu");
        stack("handover-far", "role: handover", "tenant: pink", "context: far");
        assertEquals(
                Set.of(
                        new SiblingStacks.Dependent(
                                new StackName("organization", "shared-inference", "green"), "green"),
                        new SiblingStacks.Dependent(
                                new StackName("organization", "shared-inference", "handover"), "yellow"),
                        new SiblingStacks.Dependent(new StackName("organization", "shared-inference", "blue"), "b")),
                Set.copyOf(new SiblingStacks(new Workspace(environment, checkout), settings(shared()))
                        .dependents(ConfigFixtures.sharedConfig(shared()))));
    }

    @Test
    void readsKeysWithoutPrefix() throws IOException {
        Files.writeString(checkout.resolve("Pulumi.green.yaml"), """
                config:
                  role: tenant
                  tenant: blue
                  context: gpu
                """);
        assertContains(problems(tenantInThisCluster()), "Pulumi.green.yaml");
    }

    @Test
    void readsStackFilesInAnotherDirectory(@TempDir Path project) throws IOException {
        stack(project, "green", "role: tenant", "tenant: blue", "context: gpu");
        assertEquals("", problems(tenantInThisCluster()));
        environment.put("SHARED_INFERENCE_PROJECT", project.toString());
        assertContains(problems(tenantInThisCluster()), "Pulumi.green.yaml");
    }

    private Map<String, String> tenantInThisCluster() {
        var keys = tenant();
        keys.put("context", "gpu");
        return keys;
    }

    private String problems(Map<String, String> keys) {
        var problems = new Problems();
        var settings = settings(keys);
        var config = StackConfig.parse(settings, problems).orElseThrow();
        new Preflight(new Workspace(environment, checkout)).check(config, settings, problems);
        return String.join("\n", problems.all().stream().map(Problem::toString).toList());
    }

    private static void assertContains(String message, String... parts) {
        assertAll(
                Arrays.stream(parts).map(part -> () -> assertTrue(message.contains(part), part + " in:\n" + message)));
    }

    private String server() {
        return "https://127.0.0.1:" + apiServer.getLocalPort();
    }

    private Path kubeconfig(String file, String context, String server) throws IOException {
        return Files.writeString(checkout.resolve(file), """
                apiVersion: v1
                kind: Config
                clusters: [{name: "cluster-of-%1$s", cluster: {server: "%2$s"}}]
                contexts: [{name: "%1$s", context: {cluster: "cluster-of-%1$s", user: me}}]
                users: [{name: me, user: {token: hush-hush}}]
                """.formatted(context, server));
    }

    private void stack(String name, String... keys) throws IOException {
        stack(checkout, name, keys);
    }

    private static void stack(Path directory, String name, String... keys) throws IOException {
        Files.writeString(
                directory.resolve("Pulumi." + name + ".yaml"),
                "config:\n"
                        + String.join(
                                "",
                                Arrays.stream(keys)
                                        .map(key -> "  shared-inference:" + key + "\n")
                                        .toList()));
    }
}
