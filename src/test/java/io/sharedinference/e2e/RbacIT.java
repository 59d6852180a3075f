package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests in deploy/rbac with real service accounts: each can do what it is for, through the real engine, and no more. */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RbacIT {

    private static final String SHARED = "rbac-shared";
    private static final String BLUE = "rbac-blue";
    private static final String ADMIN = "shared-inference-admin";
    private static final String PREVIEWER = "shared-inference-previewer";
    private static final String HANDOVER = "shared-inference-handover-blue";

    private Path directory;
    private Sandbox sandbox;
    private Project project;
    private Neighbours neighbours;

    @BeforeAll
    void deployWithTheAdminsAccountsAlone(Sandbox running, @TempDir Path temporary) throws IOException {
        directory = temporary;
        sandbox = running;
        project = new Project(running, temporary.resolve("project"));
        neighbours = new Neighbours(running, "rbac", 31580);
        for (var namespace : List.of(SHARED, BLUE)) {
            apply("admin.yaml", namespace);
            apply("previewer.yaml", namespace);
        }
        apply("handover.yaml", SHARED);
        configureShared();
        takeNamespace(as(SHARED, ADMIN), "shared", "shared", SHARED);
        configureShared("blue");
        as(SHARED, ADMIN).up("shared").succeeded();
        configureBlue("1s");
        takeNamespace(as(BLUE, ADMIN), "blue", "tenant", BLUE);
        as(BLUE, ADMIN).up("blue").succeeded();
    }

    private void apply(String manifest, String namespace) throws IOException {
        var text = Files.readString(Sandbox.CHECKOUT.resolve("deploy/rbac").resolve(manifest))
                .replace("NAMESPACE", namespace)
                .replace("SERVICE_USER", "blue");
        sandbox.kubectl("apply -f " + Files.writeString(directory.resolve(namespace + "-" + manifest), text));
    }

    /** As deploy/rbac/README.md has it: the namespace is there, and the stack takes it in. */
    private static void takeNamespace(Project admin, String stack, String role, String namespace) {
        var urn = "urn:pulumi:" + stack + "::shared-inference::";
        var installation = urn + "shared-inference:release:Installation::" + role;
        var provider = urn + "pulumi:providers:kubernetes::cluster";
        admin.pulumi("up", "--yes", "--skip-preview", "--stack", stack, "--target", installation, "--target", provider)
                .succeeded();
        admin.pulumi(
                        "import",
                        "--yes",
                        "--skip-preview",
                        "--generate-code=false",
                        "--stack",
                        stack,
                        "--parent",
                        role + "=" + installation,
                        "--provider",
                        "cluster=" + provider,
                        "kubernetes:core/v1:Namespace",
                        role + "-namespace",
                        namespace)
                .succeeded();
    }

    private void configureShared(String... tenants) {
        project.configure("shared", neighbours.shared(tenants));
    }

    private void configureBlue(String drain) {
        project.configure("blue", neighbours.blue(drain));
    }

    /** The project for the holder of a service account's token, asked of the API server. */
    private Project as(String namespace, String account) {
        try {
            var kubeconfig = (ObjectNode) new ObjectMapper().readTree(sandbox.kubectl("config view --raw -o json"));
            var user = (ObjectNode) kubeconfig.at("/users/0");
            user.putObject("user")
                    .put(
                            "token",
                            sandbox.kubectl("-n " + namespace + " create token " + account)
                                    .strip());
            var file = directory.resolve(namespace + "-" + account + ".kubeconfig");
            return project.withKubeconfig(Files.writeString(file, kubeconfig.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void clearAway() {
        configureBlue("1s");
        List.of("handover-blue", "blue", "shared").forEach(project::destroy);
        for (var name : List.of(SHARED, BLUE)) {
            sandbox.kubectl("delete namespace --ignore-not-found --wait=false " + name);
            for (var account : List.of(ADMIN, PREVIEWER)) {
                sandbox.kubectl("delete clusterrole,clusterrolebinding --ignore-not-found " + account + "-" + name);
            }
        }
    }

    @Test
    void aPreviewerPreviewsBothStacksAndChangesNothing() {
        configureBlue("2s");
        var before = new ClusterObjects(sandbox).list();
        as(SHARED, PREVIEWER).previewWithoutChanges("shared").succeeded();
        var preview = as(BLUE, PREVIEWER).preview("blue").succeeded();
        configureBlue("1s");
        assertTrue(preview.contains("Deployment " + BLUE + "/inference-api-proxy changed"), preview);
        assertEquals(before, new ClusterObjects(sandbox).list());
    }

    @Test
    void aPreviewerSeesWhetherSomebodyEditedTheChartsObjects() {
        for (var home : List.of(SHARED, BLUE)) {
            var stack = home.equals(SHARED) ? "shared" : "blue";
            var drift = as(home, PREVIEWER)
                    .sandbox()
                    .run(
                            "./tenant",
                            "preview",
                            stack,
                            "--drift",
                            "--cwd",
                            project.directory().toString())
                    .succeeded();
            assertTrue(drift.contains("`" + stack + "`, drift: no changes"), drift);
        }
    }

    @Test
    void aPreviewersUpIsRefusedByTheApiServerWithNothingChanged() {
        configureBlue("3s");
        var before = new ClusterObjects(sandbox).list();
        var message = as(BLUE, PREVIEWER).up("blue").failed();
        configureBlue("1s");
        assertTrue(message.contains("forbidden") && message.contains(PREVIEWER), message);
        assertEquals(before, new ClusterObjects(sandbox).list());
    }

    @Test
    void aTenantsAdminChangesItsValues() {
        configureBlue("4s");
        as(BLUE, ADMIN).up("blue").succeeded();
        var deployment = sandbox.kubectl("-n " + BLUE + " get deployment inference-api-proxy -o yaml");
        assertTrue(deployment.contains("4s"), deployment);
        as(BLUE, ADMIN).previewWithoutChanges("blue").succeeded();
    }

    @Test
    void theSharedAdminAddsAServiceUser() {
        configureShared("blue", "green");
        as(SHARED, ADMIN).up("shared").succeeded();
        assertTrue(!sandbox.secret(SHARED, "pharia-iam-service-user-green", "token")
                .isBlank());
    }

    @Test
    void theHandoverAccountHandsOverItsOneToken() {
        var holder = as(SHARED, HANDOVER);
        configureHandover("blue");
        holder.up("handover").succeeded();
        var output = holder.sandbox()
                .run(
                        "pulumi",
                        "--cwd",
                        holder.directory().toString(),
                        "stack",
                        "output",
                        "token-blue",
                        "--show-secrets",
                        "--stack",
                        "handover")
                .succeeded();
        assertEquals(sandbox.secret(SHARED, "pharia-iam-service-user-blue", "token"), output.strip());
        configureHandover("green");
        var refused = holder.up("handover").failed();
        assertTrue(refused.contains("forbidden") && refused.contains("pharia-iam-service-user-green"), refused);
    }

    private void configureHandover(String tenant) {
        project.configure(
                "handover",
                Map.of(
                        "role",
                        "handover",
                        "context",
                        sandbox.config("shared").get("context"),
                        "namespace",
                        SHARED,
                        "tenant",
                        tenant,
                        "inferenceApiUrl",
                        neighbours.shared().get("inferenceApiUrl")));
    }

    /** Each tried by the account, and by the cluster's admin, so that it is the account's rights that are in the way. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rbac-blue   | shared-inference-admin         | -n rbac-shared get secrets
            rbac-blue   | shared-inference-admin         | -n rbac-shared get secret pharia-iam-service-user-blue
            rbac-blue   | shared-inference-admin         | -n rbac-shared get pods
            rbac-blue   | shared-inference-admin         | -n tenant1 get configmaps
            rbac-blue   | shared-inference-admin         | get namespace tenant1
            rbac-blue   | shared-inference-admin         | get namespaces
            rbac-blue   | shared-inference-admin         | get nodes
            rbac-blue   | shared-inference-admin         | create namespace rbac-more --dry-run=server
            rbac-blue   | shared-inference-admin         | create clusterrole rbac-more --verb=get --resource=secrets --dry-run=server
            rbac-shared | shared-inference-admin         | -n rbac-blue get secrets
            rbac-shared | shared-inference-admin         | -n rbac-blue get pods
            rbac-blue   | shared-inference-previewer     | -n rbac-blue create configmap more --dry-run=server
            rbac-blue   | shared-inference-previewer     | -n rbac-blue delete secret inference-api-proxy-secret --dry-run=server
            rbac-blue   | shared-inference-previewer     | -n rbac-blue scale deployment inference-api-proxy --replicas=1 --dry-run=server
            rbac-blue   | shared-inference-previewer     | -n rbac-blue exec deployment/inference-api-proxy -- true
            rbac-blue   | shared-inference-previewer     | get --raw /api/v1/namespaces/rbac-blue/pods/any:8080/proxy/version
            rbac-blue   | shared-inference-previewer     | get --raw /api/v1/namespaces/rbac-blue/services/any:8080/proxy/version
            rbac-blue   | shared-inference-previewer     | get --raw /api/v1/namespaces/rbac-blue/pods/any/portforward
            rbac-blue   | shared-inference-previewer     | -n rbac-blue create token shared-inference-admin
            rbac-blue   | shared-inference-previewer     | -n rbac-shared get secrets
            rbac-shared | shared-inference-handover-blue | -n rbac-shared get secrets
            rbac-shared | shared-inference-handover-blue | -n rbac-shared get secret pharia-iam-service-user-green
            rbac-shared | shared-inference-handover-blue | -n rbac-shared get secret pharia-iam-user-shared-admin
            rbac-shared | shared-inference-handover-blue | -n rbac-shared get pods
            rbac-shared | shared-inference-handover-blue | -n rbac-blue get secrets
            """)
    void noAccountMayDoMore(String home, String account, String arguments) {
        var command = ("kubectl " + arguments).split(" ");
        var refusal = as(home, account).sandbox().run(command).failed();
        assertTrue(refusal.contains("orbidden"), refusal);
        var allowed = sandbox.run(command).output();
        assertFalse(allowed.contains("orbidden"), allowed);
    }
}
