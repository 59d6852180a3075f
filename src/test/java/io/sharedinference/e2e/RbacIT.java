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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service accounts of deploy/rbac have the permissions that they need, and no others. */
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
    private Installations installations;

    @BeforeAll
    void deployAsAdmins(Sandbox running, @TempDir Path directory) throws IOException {
        this.directory = directory;
        sandbox = running;
        project = new Project(running, directory.resolve("project"));
        installations = new Installations(running, "rbac", 31580);
        for (var namespace : List.of(SHARED, BLUE)) {
            apply("admin.yaml", namespace);
            apply("previewer.yaml", namespace);
        }
        apply("handover.yaml", SHARED);
        configureShared();
        importNamespace(as(SHARED, ADMIN), "shared", "shared", SHARED);
        configureShared("blue");
        as(SHARED, ADMIN).up("shared").succeeded();
        configureBlue("1s");
        importNamespace(as(BLUE, ADMIN), "blue", "tenant", BLUE);
        as(BLUE, ADMIN).up("blue").succeeded();
    }

    private void apply(String manifest, String namespace) throws IOException {
        var text = Files.readString(Sandbox.CHECKOUT.resolve("deploy/rbac").resolve(manifest))
                .replace("NAMESPACE", namespace)
                .replace("SERVICE_USER", "blue");
        sandbox.kubectl("apply -f " + Files.writeString(directory.resolve(namespace + "-" + manifest), text));
    }

    /** Imports an existing namespace into the stack, as deploy/rbac/README.md describes. */
    private static void importNamespace(Project admin, String stack, String role, String namespace) {
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
        project.configure("shared", installations.shared(tenants));
    }

    private void configureBlue(String drain) {
        project.configure("blue", installations.blue(drain));
    }

    /** The project with the kubeconfig of a service account. */
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
    void cleanUp() {
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
    void aPreviewerCanCheckForDrift() {
        for (var namespace : List.of(SHARED, BLUE)) {
            var stack = namespace.equals(SHARED) ? "shared" : "blue";
            var drift = as(namespace, PREVIEWER)
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
    void upByAPreviewerIsForbiddenAndChangesNothing() {
        configureBlue("3s");
        var before = new ClusterObjects(sandbox).list();
        var message = as(BLUE, PREVIEWER).up("blue").failed();
        configureBlue("1s");
        assertTrue(message.contains("forbidden") && message.contains(PREVIEWER), message);
        assertEquals(before, new ClusterObjects(sandbox).list());
    }

    @Test
    void aTenantAdminCanChangeValues() {
        configureBlue("4s");
        as(BLUE, ADMIN).up("blue").succeeded();
        var deployment = sandbox.kubectl("-n " + BLUE + " get deployment inference-api-proxy -o yaml");
        assertTrue(deployment.contains("4s"), deployment);
        as(BLUE, ADMIN).previewWithoutChanges("blue").succeeded();
    }

    @Test
    void theSharedAdminCanAddAServiceUser() {
        configureShared("blue", "green");
        as(SHARED, ADMIN).up("shared").succeeded();
        assertTrue(!sandbox.secret(SHARED, "pharia-iam-service-user-green", "token")
                .isBlank());
    }

    @Test
    void theHandoverAccountCanExportOnlyItsToken() {
        var handover = as(SHARED, HANDOVER);
        configureHandover("blue");
        handover.up("handover").succeeded();
        var output = handover.sandbox()
                .run(
                        "pulumi",
                        "--cwd",
                        handover.directory().toString(),
                        "stack",
                        "output",
                        "token-blue",
                        "--show-secrets",
                        "--stack",
                        "handover")
                .succeeded();
        assertEquals(sandbox.secret(SHARED, "pharia-iam-service-user-blue", "token"), output.strip());
        configureHandover("green");
        var refused = handover.up("handover").failed();
        assertTrue(refused.contains("forbidden") && refused.contains("pharia-iam-service-user-green"), refused);
    }

    private void configureHandover(String tenant) {
        project.configure("handover", installations.handover(tenant));
    }

    /** The cluster admin runs each command too, to prove that it fails only for lack of permissions. */
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
    void accountsHaveNoOtherPermissions(String namespace, String account, String arguments) {
        var command = ("kubectl " + arguments).split(" ");
        var refusal = as(namespace, account).sandbox().run(command).failed();
        assertTrue(refusal.contains("orbidden"), refusal);
        var allowed = sandbox.run(command).output();
        assertFalse(allowed.contains("orbidden"), allowed);
    }
}
