package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.tls.PrivateCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A tenant in another cluster, which reaches the shared API over TLS, with a certificate of a private CA. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MultiClusterIT {

    private static final int SHARED_API = 32380;
    private static final int SHARED_IAM = 32381;
    private static final int TENANT_API = 30180;
    private static final int TENANT_IAM = 30181;

    private Sandbox sandbox;
    private SecondCluster second;
    private TlsIngress ingress;
    private Project project;
    private Sandbox projectSandbox;
    private String ca;

    @BeforeAll
    void startSecondClusterAndTlsIngress(Sandbox running, @TempDir Path directory) throws Exception {
        second = SecondCluster.beside(running);
        sandbox = running.with(
                Map.of("KUBECONFIG", second.kubeconfigWith(running, directory).toString()));
        var privateCa = PrivateCa.create(directory, "ip:" + second.hostAddress());
        ca = Files.readString(privateCa.pem());
        ingress = new TlsIngress(second.hostAddress(), privateCa.context(), sandbox.url(SHARED_API));
        project = new Project(sandbox, directory.resolve("project"));
        projectSandbox = project.sandbox();
        configureShared(Optional.empty());
        configureTenant();
        project.up("shared").succeeded();
    }

    private void configureShared(Optional<String> pem) {
        var config = sandbox.config("shared");
        config.put("namespace", "multi-shared");
        config.put("tenants", List.of("far"));
        config.put("inferenceApiUrl", ingress.url());
        config.put("iamUrl", sandbox.url(SHARED_IAM));
        config.put("values", Installations.nodePorts("inference-api", SHARED_API));
        pem.ifPresent(text -> config.put("inferenceApiCa", text));
        project.configure("shared", config);
    }

    private void configureTenant() {
        var standIns = sandbox.run(
                        "bash",
                        "-c",
                        "sed -n \"s/.*registry: '\\(.*\\)', tag: '\\(.*\\)'.*/\\1 \\2/p\" \"$0\" | head -n 1",
                        sandbox.project().resolve("stand-ins.yaml").toString())
                .succeeded()
                .strip()
                .split(" ");
        var image = "/sandbox/stand-ins:" + standIns[1];
        sandbox.run("crane", "copy", standIns[0] + image, second.registry() + image)
                .succeeded();
        var config = sandbox.config("tenant1");
        config.remove("sharedApiNamespace");
        config.put("context", second.context());
        config.put("tenant", "far");
        config.put("namespace", "multi-far");
        config.put("inferenceApiUrl", api().url());
        config.put("iamUrl", "http://" + second.nodeAddress() + ":" + TENANT_IAM);
        config.put("sharedApiCidrs", List.of(second.hostAddress() + "/32"));
        config.put("proxyImageRepository", second.registry() + "/sandbox/inference-api-proxy");
        config.put("proxyBaseImage", second.registry() + "/sandbox/glibc:1");
        config.put("values", Map.of("pharia-iam", Map.of("image", Map.of("registry", second.registry()))));
        project.configure("far", config);
    }

    private TenantApi api() {
        return new TenantApi("http://" + second.nodeAddress() + ":" + TENANT_API);
    }

    @AfterAll
    void cleanUp() throws IOException {
        try {
            project.destroy("far");
            project.destroy("shared");
            ingress.close();
        } finally {
            second.close();
        }
    }

    @Test
    @Order(1)
    void withoutTheCaVerifyReportsTheCertificate() throws InterruptedException {
        project.up("far").succeeded();
        var response = firstResponse();
        assertEquals(502, response.statusCode(), response.body());
        assertTrue(response.body().contains("shared_api_unreachable"), response.body());
        assertCaIsReported();
    }

    @Test
    @Order(2)
    void withTheCaEveryHopIsVerified() throws Exception {
        configureShared(Optional.of(ca));
        project.up("shared").succeeded();
        project.up("far").succeeded();
        awaitVersionResponse();
        var verified = verify();
        // the kubelet updates each pod's mounted CA at another time
        for (var round = 0; verified.exit() != 0 && round < 30; round++) {
            Thread.sleep(2_000);
            verified = verify();
        }
        assertEquals(0, verified.exit(), verified.output());
    }

    @Test
    @Order(3)
    void responsesAndStreamsAreForwarded() {
        var user = userToken();
        var response = api().post(
                        "/complete",
                        user,
                        "{\"model\": \"%s\", \"prompt\": \"Hello\", \"maximum_tokens\": 8}"
                                .formatted(api().firstModel(user)));
        assertEquals(200, response.statusCode(), response.body());
        var stream = api().streamChat(user, 5, 300);
        assertEquals("data: [DONE]", stream.last());
        assertTrue(stream.spread().toMillis() > 600, "all events came within " + stream.spread());
    }

    @Test
    @Order(4)
    void theNetworkPolicyAllowsTheIngressAddressAndPort() throws IOException {
        var policy = new ObjectMapper()
                .readTree(projectSandbox.kubectl("--context " + second.context()
                        + " -n multi-far get networkpolicy inference-api-proxy -o json"))
                .at("/spec/egress/2");
        assertEquals(
                second.hostAddress() + "/32", policy.at("/to/0/ipBlock/cidr").asText(), policy.toString());
        assertEquals(ingress.port(), policy.at("/ports/0/port").asInt(), policy.toString());
    }

    @Test
    @Order(5)
    void aSecondPreviewShowsNoChanges() {
        project.previewWithoutChanges("shared").succeeded();
        project.previewWithoutChanges("far").succeeded();
    }

    @Test
    @Order(6)
    void destroyRemovesAllNamespacesInBothClusters() {
        project.destroy("far").succeeded();
        project.destroy("shared").succeeded();
        for (var context : List.of(second.context(), sandbox.config("shared").get("context"))) {
            var remaining = projectSandbox.kubectl("--context " + context + " get namespaces -o name");
            assertTrue(!remaining.contains("multi-"), remaining);
        }
    }

    private void assertCaIsReported() {
        var verified = verify();
        assertEquals(1, verified.exit(), verified.output());
        assertTrue(verified.output().contains("inferenceApiCa"), verified.output());
    }

    /** kube-proxy programs the node port a moment after the pods are ready. */
    private HttpResponse<String> firstResponse() throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true) {
            try {
                return api().get("/version", "");
            } catch (UncheckedIOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(200);
            }
        }
    }

    /** The kubelet updates mounted Secrets with a delay. */
    private void awaitVersionResponse() throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        var response = api().get("/version", "");
        while (response.statusCode() != 200) {
            assertTrue(System.nanoTime() < deadline, response.body());
            Thread.sleep(500);
            response = api().get("/version", "");
        }
    }

    private Outcome verify() {
        return projectSandbox
                .with(Map.of("TENANT_USER_TOKEN", userToken()))
                .run("./tenant", "verify", "far", "--cwd", project.directory().toString());
    }

    private String userToken() {
        var data = projectSandbox.kubectl("--context " + second.context()
                + " -n multi-far get secret pharia-iam-user-alice -o jsonpath={.data.token}");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }
}
