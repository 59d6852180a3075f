package io.sharedinference.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shared installation for which {@code ./tenant} adds, rotates and removes the tenant "blue". */
final class LifecycleFixture {

    static final String TENANT = "blue";

    /** The time that a command waits for a release whose process was killed. */
    private static final String TIMEOUT = "60";

    private final Sandbox sandbox;
    private final Project project;
    private final String prefix;
    private final int port;
    private final boolean handover;

    /**
     * @param prefix of the namespaces
     * @param port   the first of four node ports
     * @param handover whether the tenant has a hand-over stack, because the shared stack does not export its tokens
     */
    LifecycleFixture(Sandbox sandbox, Path directory, String prefix, int port, boolean handover) {
        this.sandbox = sandbox;
        this.project = new Project(sandbox, directory.resolve("project"));
        this.prefix = prefix;
        this.port = port;
        this.handover = handover;
    }

    void begin() {
        begin(Map.of());
    }

    /** @param settings of the tenant that override the sandbox's */
    void begin(Map<String, Object> settings) {
        var shared = sandbox.config("shared");
        shared.put("namespace", prefix + "-shared");
        shared.put("tenants", List.of());
        shared.put("tokenOutputs", !handover);
        shared.put("timeoutSeconds", TIMEOUT);
        shared.put("inferenceApiUrl", sandbox.url(port));
        shared.put("iamUrl", sandbox.url(port + 1));
        shared.put("values", Installations.nodePorts("inference-api", port));
        project.configure("shared", shared);
        project.up("shared").succeeded();
        // the template of new tenants; never deployed
        var model = sandbox.config("tenant1");
        model.put("tenant", "model");
        model.put("timeoutSeconds", TIMEOUT);
        model.put("namespace", prefix + "-model");
        model.put("sharedApiNamespace", prefix + "-shared");
        model.putAll(settings);
        project.configure("model", model);
    }

    void end() {
        tenant(removal());
        project.pulumi("state", "unprotect", "--all", "--yes", "--stack", "shared");
        project.destroy("shared");
    }

    List<String> addition() {
        var values = """
                {"inference-api-proxy": {"service": {"nodePort": %d}}, "pharia-iam": {"service": {"nodePort": %d}}}""".formatted(port + 2, port + 3);
        return command("add", "--like", "model", "--namespace", namespace(), "--set", "values=" + values)
                .with("--set", "inferenceApiUrl=" + sandbox.url(port + 2), "--set", "iamUrl=" + sandbox.url(port + 3))
                .words();
    }

    List<String> rotation() {
        return command("rotate").words();
    }

    List<String> adoption() {
        return command("adopt").words();
    }

    List<String> removal() {
        return command("remove").words();
    }

    private record Command(List<String> words) {

        Command with(String... more) {
            var all = new ArrayList<>(words);
            all.addAll(List.of(more));
            return new Command(all);
        }
    }

    private Command command(String name, String... more) {
        return new Command(List.of(
                        "./tenant",
                        name,
                        TENANT,
                        "--yes",
                        "--cwd",
                        project.directory().toString()))
                .with(more);
    }

    Outcome tenant(List<String> command) {
        return project.sandbox().run(command.toArray(String[]::new));
    }

    /** Runs a command for the tenant as one of its users. */
    Outcome tenantAsUser(String name, String... options) {
        var words = new ArrayList<>(
                List.of("./tenant", name, TENANT, "--cwd", project.directory().toString()));
        words.addAll(List.of(options));
        return project.sandbox().with(Map.of("TENANT_USER_TOKEN", userToken())).run(words.toArray(String[]::new));
    }

    Project project() {
        return project;
    }

    String namespace() {
        return prefix + "-" + TENANT;
    }

    TenantApi proxy() {
        return new TenantApi(sandbox.url(port + 2));
    }

    TenantApi shared() {
        return new TenantApi(sandbox.url(port));
    }

    String userToken() {
        return sandbox.secret(namespace(), "pharia-iam-user-alice", "token");
    }

    /** The token in the tenant's Secret. */
    String token() {
        return sandbox.secret(namespace(), "inference-api-proxy-secret", "remote-inference-api-token");
    }

    /** Names of the Secrets of service users in the shared namespace. */
    List<String> serviceUsers() {
        return sandbox.kubectl("-n " + prefix + "-shared get secrets -o name")
                .lines()
                .filter(name -> name.contains("pharia-iam-service-user-"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .toList();
    }

    boolean hasNamespace() {
        return !sandbox.kubectl("get namespace " + namespace() + " --ignore-not-found -o name")
                .isBlank();
    }
}
