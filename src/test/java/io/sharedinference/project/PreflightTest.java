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
    void aReachableCluster() throws IOException {
        apiServer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        environment.put("KUBECONFIG", kubeconfig("kubeconfig", "gpu", server()).toString());
    }

    @AfterEach
    void close() throws IOException {
        apiServer.close();
    }

    @Test
    void aReachableClusterIsNoProblem() {
        assertEquals("", problems(shared()));
    }

    @Test
    void aMissingKubeconfigIsNamed() {
        environment.put("KUBECONFIG", checkout.resolve("nowhere").toString());
        says(
                problems(shared()),
                "shared-inference:kubeconfig",
                checkout.resolve("nowhere").toString());
    }

    @Test
    void theConfiguredKubeconfigComesFirst() {
        var keys = shared();
        keys.put("kubeconfig", "elsewhere");
        says(
                problems(keys),
                "shared-inference:kubeconfig = \"elsewhere\"",
                checkout.resolve("elsewhere").toString());
    }

    @Test
    void aFileThatIsNoKubeconfigIsNotQuoted() throws IOException {
        Files.writeString(Path.of(environment.get("KUBECONFIG")), "users: [hush-hush\n");
        var message = problems(shared());
        says(message, "can't be read as a kubeconfig");
        assertFalse(message.contains("hush-hush"), message);
    }

    @Test
    void anUnknownContextIsToldWithThoseThatThereAre() {
        var keys = shared();
        keys.put("context", "no-such-context");
        says(problems(keys), "shared-inference:context = \"no-such-context\"", "gpu");
    }

    @Test
    void severalKubeconfigFilesAreOne() throws IOException {
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
    void anUnreachableClusterIsToldWithItsAddress() throws IOException {
        var address = server();
        apiServer.close();
        says(problems(shared()), "shared-inference:context = \"gpu\"", address, "can't be reached");
    }

    @Test
    void aClusterBehindAProxyIsNotTried() throws IOException {
        apiServer.close();
        environment.put("HTTPS_PROXY", "http://proxy.example.com:3128");
        assertEquals("", problems(shared()));
    }

    @Test
    void aServerThatIsNoUrlIsToldSo() throws IOException {
        environment.put("KUBECONFIG", kubeconfig("odd", "gpu", "no url").toString());
        says(problems(shared()), "no url", "no URL");
    }

    @Test
    void aMissingLocalChartIsToldWithItsFullPath() {
        var keys = shared();
        keys.put("chart", "./chart");
        says(
                problems(keys),
                "shared-inference:chart = \"./chart\"",
                checkout.resolve("./chart").toString(),
                "shared-inference:chartRepository");
    }

    @Test
    void aChartMayBeInARepositoryThatHelmKnows() throws IOException {
        var known = Files.writeString(
                checkout.resolve("repositories.yaml"),
                "repositories: [{name: vendor, url: https://charts.example.com}]");
        environment.put("HELM_REPOSITORY_CONFIG", known.toString());
        var keys = shared();
        keys.put("chart", "vendor/pharia-ai");
        assertEquals("", problems(keys));
        keys.put("chart", "vendr/pharia-ai");
        says(problems(keys), "no repository vendr in " + known, "which has: vendor", "helm repo add vendr URL");
        Files.createDirectories(checkout.resolve("vendr/pharia-ai"));
        says(problems(keys), "neither a file nor a folder with a Chart.yaml");
    }

    @Test
    void aLocalChartMayBeAFolder() throws IOException {
        Files.writeString(Files.createDirectory(checkout.resolve("chart")).resolve("Chart.yaml"), "name: pharia-ai\n");
        var keys = shared();
        keys.put("chart", "./chart");
        assertEquals("", problems(keys));
    }

    @Test
    void twoTenantsInOneNamespaceAreToldApart() throws IOException {
        stack("green", "role: tenant", "tenant: green", "context: gpu", "namespace: blue");
        says(problems(tenantHere()), "shared-inference:namespace = \"blue\"", "Pulumi.green.yaml", "role tenant");
    }

    @Test
    void theSharedNamespaceIsNotForTenants() throws IOException {
        stack("shared", "role: shared", "context: gpu");
        var keys = tenantHere();
        keys.put("namespace", "pharia-ai-shared");
        says(problems(keys), "shared-inference:namespace = \"pharia-ai-shared\"", "Pulumi.shared.yaml", "role shared");
    }

    @Test
    void theSameClusterIsKnownByItsServer() throws IOException {
        environment.merge(
                "KUBECONFIG",
                kubeconfig("second", "alias", server()).toString(),
                (one, other) -> one + File.pathSeparator + other);
        stack("green", "role: tenant", "tenant: blue", "context: alias");
        says(problems(tenantHere()), "Pulumi.green.yaml");
    }

    @Test
    void theSameNamespaceInAnotherClusterIsFine() throws IOException {
        environment.merge(
                "KUBECONFIG",
                kubeconfig("second", "far", "https://far.example.com").toString(),
                (one, other) -> one + File.pathSeparator + other);
        stack("green", "role: tenant", "tenant: green", "context: far", "namespace: blue");
        assertEquals("", problems(tenantHere()));
    }

    @Test
    void theStacksOwnFileAndBrokenOnesArePassedOver() throws IOException {
        stack("mine", "role: tenant", "tenant: blue", "context: gpu");
        Files.writeString(checkout.resolve("Pulumi.broken.yaml"), "config: [\n");
        Files.writeString(checkout.resolve("Pulumi.empty.yaml"), "");
        assertEquals("", problems(tenantHere()));
    }

    @Test
    void dependentsAreTheStacksThatNameThisOne() throws IOException {
        stack("green", "role: tenant", "tenant: green", "sharedStack: mine");
        stack("blue", "role: tenant", "tenant: b", "sharedStack: organization/shared-inference/mine");
        stack("red", "role: tenant", "tenant: red", "sharedStack: other");
        stack("handover", "role: handover", "tenant: yellow", "context: gpu");
        stack("handover-far", "role: handover", "tenant: pink", "context: far");
        assertEquals(
                Set.of(
                        new SiblingStacks.Dependent("organization/shared-inference/green", "green"),
                        new SiblingStacks.Dependent("organization/shared-inference/handover", "yellow"),
                        new SiblingStacks.Dependent("organization/shared-inference/blue", "b")),
                Set.copyOf(new SiblingStacks(new Workspace(environment, checkout), settings(shared()))
                        .dependents(ConfigFixtures.sharedConfig(shared()))));
    }

    @Test
    void aStackWhoseKeysHaveNoPrefixIsSeenAsWell() throws IOException {
        Files.writeString(checkout.resolve("Pulumi.green.yaml"), """
                config:
                  role: tenant
                  tenant: blue
                  context: gpu
                """);
        says(problems(tenantHere()), "Pulumi.green.yaml");
    }

    @Test
    void theStackFilesMayLieElsewhere(@TempDir Path project) throws IOException {
        stack(project, "green", "role: tenant", "tenant: blue", "context: gpu");
        assertEquals("", problems(tenantHere()));
        environment.put("SHARED_INFERENCE_PROJECT", project.toString());
        says(problems(tenantHere()), "Pulumi.green.yaml");
    }

    private Map<String, String> tenantHere() {
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

    private static void says(String message, String... parts) {
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

    private static void stack(Path folder, String name, String... keys) throws IOException {
        Files.writeString(
                folder.resolve("Pulumi." + name + ".yaml"),
                "config:\n"
                        + String.join(
                                "",
                                Arrays.stream(keys)
                                        .map(key -> "  shared-inference:" + key + "\n")
                                        .toList()));
    }
}
