package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the policies mean, by a simulator of network policies (Cyclonus): no cluster here enforces any. */
class PolicyMeaningIT {

    private static final Path SIMULATOR = Path.of("target", "cyclonus").toAbsolutePath();
    private static final Pattern VERDICT = Pattern.compile("IS ALLOWED\\?\\s*\\|\\s*(TRUE|FALSE)");
    private static final Map<String, Object> PROXY = pod("blue", "inference-api-proxy", "10.1.0.1");
    private static final Map<String, Object> IAM = pod("blue", "pharia-iam", "10.1.0.2");
    private static final Map<String, Object> OTHER_IAM = pod("green", "pharia-iam", "10.1.0.3");
    private static final Map<String, Object> SHARED = pod("pharia-ai-shared", "inference-api", "10.1.0.4");
    private static final Map<String, Object> STUDIO = pod("blue", "pharia-studio", "10.1.0.5");
    private static final Map<String, Object> INGRESS = pod("ingress-nginx", "controller", "10.1.0.6");
    private static final Map<String, Object> RESOLVER = pod("kube-system", "coredns", "10.1.0.7");
    private static final Map<String, Object> FAR = Map.of("IP", "203.0.113.5");
    private static final Map<String, Object> STRANGER = Map.of("IP", "198.51.100.5");

    private final Map<String, String> keys = ConfigFixtures.tenant();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path directory;

    private record Attempt(
            Map<String, Object> from, Map<String, Object> to, String protocol, int port, boolean allowed) {}

    @BeforeAll
    static void build() throws IOException {
        assumeTrue(
                exit("go", "version") == 0,
                "NOT TRIED: the policies' simulator is built with Go, which is not on PATH");
        assertEquals(
                0,
                exit(
                        "go",
                        "build",
                        "-C",
                        "sandbox/tools/cyclonus",
                        "-o",
                        SIMULATOR.toString(),
                        "github.com/mattfenwick/cyclonus/cmd/cyclonus"));
    }

    private static int exit(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException notThere) {
            return -1;
        }
    }

    @Test
    void allowsOnlyDnsIamAndSharedNamespaceInSameCluster() throws IOException {
        keys.put("sharedApiNamespace", "pharia-ai-shared");
        mean(
                new Attempt(PROXY, RESOLVER, "UDP", 53, true),
                new Attempt(PROXY, RESOLVER, "TCP", 53, true),
                new Attempt(PROXY, IAM, "TCP", 8080, true),
                new Attempt(PROXY, SHARED, "TCP", 8080, true),
                new Attempt(PROXY, OTHER_IAM, "TCP", 8080, false),
                new Attempt(PROXY, STUDIO, "TCP", 8080, false),
                new Attempt(PROXY, FAR, "TCP", 443, false),
                new Attempt(PROXY, RESOLVER, "TCP", 443, false),
                new Attempt(STUDIO, FAR, "TCP", 443, true));
    }

    @Test
    void allowsOnlyNetworksAtUrlPortAcrossClusters() throws IOException {
        keys.put("sharedApiCidrs", "[\"203.0.113.0/24\"]");
        mean(
                new Attempt(PROXY, FAR, "TCP", 443, true),
                new Attempt(PROXY, FAR, "TCP", 80, false),
                new Attempt(PROXY, FAR, "UDP", 443, false),
                new Attempt(PROXY, STRANGER, "TCP", 443, false),
                new Attempt(PROXY, SHARED, "TCP", 8080, false),
                new Attempt(PROXY, IAM, "TCP", 8080, true));
    }

    @Test
    void allowsAllIngressWithoutClientNamespaces() throws IOException {
        mean(
                new Attempt(STUDIO, PROXY, "TCP", 8080, true),
                new Attempt(OTHER_IAM, PROXY, "TCP", 8080, true),
                new Attempt(STRANGER, PROXY, "TCP", 8080, true));
    }

    @Test
    void allowsOnlyClientsProbesAndMetricsWithClientNamespaces() throws IOException {
        keys.put("clientNamespaces", "[\"ingress-nginx\"]");
        mean(
                new Attempt(INGRESS, PROXY, "TCP", 8080, true),
                new Attempt(STUDIO, PROXY, "TCP", 8080, true),
                new Attempt(OTHER_IAM, PROXY, "TCP", 8080, false),
                new Attempt(STRANGER, PROXY, "TCP", 8080, false),
                new Attempt(STRANGER, PROXY, "TCP", 8081, true),
                new Attempt(OTHER_IAM, IAM, "TCP", 8080, true));
    }

    private void mean(Attempt... attempts) throws IOException {
        var policy = directory.resolve("policy.yaml");
        var traffic = directory.resolve("traffic.json");
        json.writeValue(policy.toFile(), policy());
        json.writeValue(
                traffic.toFile(),
                List.of(attempts).stream().map(PolicyMeaningIT::traffic).toList());
        var process = new ProcessBuilder(
                        SIMULATOR.toString(),
                        "analyze",
                        "--mode",
                        "query-traffic",
                        "--policy-path",
                        policy.toString(),
                        "--traffic-path",
                        traffic.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var verdicts = VERDICT.matcher(output)
                .results()
                .map(found -> found.group(1).equals("TRUE"))
                .toList();
        assertEquals(List.of(attempts).stream().map(Attempt::allowed).toList(), verdicts, output);
    }

    private Map<String, Object> policy() {
        var engine = new FakeEngine();
        engine.stack(
                "organization/shared-inference/shared",
                Map.of(
                        "inferenceApiUrl", "https://inference-api.shared.example.com",
                        "namespace", "pharia-ai-shared",
                        "tenants", List.of("blue"),
                        "token-blue", "hush-hush"));
        engine.run(
                        false,
                        ctx -> TenantStack.deploy(
                                ctx,
                                ConfigFixtures.tenantConfig(keys),
                                directory,
                                Optional.empty(),
                                (installation, values, status) -> {},
                                new Problems()))
                .throwOnError();
        var policy =
                new LinkedHashMap<String, Object>(engine.only("kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs);
        policy.put("apiVersion", "networking.k8s.io/v1");
        policy.put("kind", "NetworkPolicy");
        return wholeNumbers(policy);
    }

    /** The SDK's numbers are doubles, a port is none. */
    @SuppressWarnings("unchecked")
    private static <T> T wholeNumbers(T value) {
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<Object, Object>();
            map.forEach((key, inner) -> copy.put(key, wholeNumbers(inner)));
            return (T) copy;
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<Object>();
            list.forEach(inner -> copy.add(wholeNumbers(inner)));
            return (T) copy;
        }
        return value instanceof Double number ? (T) Integer.valueOf(number.intValue()) : value;
    }

    private static Map<String, Object> pod(String namespace, String name, String ip) {
        return Map.of(
                "IP",
                ip,
                "Internal",
                Map.of(
                        "PodLabels",
                        Map.of("app.kubernetes.io/name", name),
                        "NamespaceLabels",
                        Map.of("kubernetes.io/metadata.name", namespace),
                        "Namespace",
                        namespace));
    }

    private static Map<String, Object> traffic(Attempt attempt) {
        return Map.of(
                "Source", attempt.from(),
                "Destination", attempt.to(),
                "Protocol", attempt.protocol(),
                "ResolvedPort", attempt.port(),
                "ResolvedPortName", "");
    }
}
