package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Runs {@code pulumi up} with one mistake at a time: the error names the key, its value, the rule and the fix, and no object of
 * the cluster is created, changed or deleted.
 */
@ExtendWith(SandboxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

    private static final int PARALLEL = 3;
    private static final String SECRETS = "bad-secrets";

    private Sandbox sandbox;
    private ClusterObjects objects;
    private Path directory;
    private final BlockingQueue<Project> projects = new LinkedBlockingQueue<>();

    @BeforeAll
    void start(Sandbox running, @TempDir Path directory) throws IOException {
        sandbox = running;
        objects = new ClusterObjects(running);
        this.directory = directory;
        for (var i = 0; i < PARALLEL; i++) {
            var project = new Project(running, directory.resolve("project" + i));
            project.configure("bad", Map.of());
            copySharedState(project, outputs -> {});
            projects.add(project);
        }
        sandbox.kubectl("create namespace " + SECRETS);
        sandbox.kubectl("-n " + SECRETS + " create secret generic pharia-iam-service-user-blank --from-literal=token=");
        sandbox.kubectl("-n " + SECRETS + " create secret generic pharia-iam-service-user-keyless --from-literal=a=b");
    }

    @AfterAll
    void cleanUp() {
        sandbox.kubectl("delete namespace --wait=false " + SECRETS);
    }

    /** One mistake per line: the stack's role, the key, its value as YAML, and parts of the message. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # role and cluster
            shared   | role            | gateway          | role = "gateway"          | must be shared, tenant or handover | pulumi config set role
            shared   | role            | (not set)        | role                      | is not set                         | pulumi config set role
            shared   | context         | no-such-context  | context = "no-such-context" | context does not exist in the kubeconfig | choose one of these
            shared   | kubeconfig      | /no/such/file    | kubeconfig = "/no/such/file" | kubeconfig file not found | kubectl config get-contexts
            shared   | namespace       | Bad_Namespace    | namespace = "Bad_Namespace" | must be a DNS label              | remove the key
            tenant   | namespace       | pharia-ai-shared | namespace = "pharia-ai-shared" | already used by the shared installation | pulumi config set namespace
            shared   | kubernetesPluginVersion | 4.10.0   | kubernetesPluginVersion = "4.10.0" | must be version 4.25.0 or later | remove the key
            shared   | timeoutSeconds  | 0                | timeoutSeconds = "0"      | must be a positive integer         | use digits only
            # the chart
            shared   | chart           | (not set)        | chart                     | is not set                         | oci:// reference
            shared   | chart           | ./no-such-chart  | chart = "./no-such-chart" | chart not found                    | correct the path
            # addresses
            shared   | inferenceApiUrl | api.example.com  | inferenceApiUrl = "api.example.com" | must be an http(s) URL   | https://host.example.com
            tenant   | iamUrl          | http://me:pw@a.example | iamUrl              | without user info                  | https://host.example.com
            tenant   | iamUrl          | https://a.example/#x | iamUrl = "https://a.example/#x" | query or fragment        | https://host.example.com
            shared   | inferenceApiUrl | http://a:99999   | inferenceApiUrl = "http://a:99999" | must be an http(s) URL    | https://host.example.com
            domain   | domain          | https://a.example | domain = "https://a.example" | must be a DNS domain           | without https://
            # tenants and their service users
            shared   | tenants         | [Tenant_1]       | tenants = "Tenant_1"      | must be a DNS label                | rename the tenant
            shared   | tenants         | [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa] | tenants = "aaaa | at most 63 characters | rename the tenant
            shared   | tenants         | [a, a]           | tenants = "a"             | duplicate tenant                   | remove the duplicate
            shared   | tenants         | [a, a-2]         | tenants = "a-2"           | a future service user of the tenant a | for example to a2
            shared   | serviceUsers    | {b: [b]}         | serviceUsers = "b"        | unknown tenant                     | correct or remove the entry
            shared   | serviceUsers    | {tenant1: [b]}   | serviceUsers = "tenant1: [b]" | must list at least one service user | remove the entry
            tenant   | tenant          | (not set)        | tenant                    | is not set                         | pulumi config set tenant NAME
            tenant   | tenant          | nobody           | tenant = "nobody"         | tenant is not listed in organization/shared-inference/shared | add it with
            # services that the shared installation requires
            shared   | disabledServices | [pharia-iam]    | disabledServices = "pharia-iam" | must not disable inference or IAM | remove the entry
            shared   | disabledServices | [inference-api.worker] | disabledServices = "inference-api.worker" | must not disable inference or IAM | remove the entry
            # either inference or its proxy
            shared   | values          | {global: {inference: {enabled: false}}}   | values: global.inference.enabled = "false" | must be true | remove this line
            shared   | (values file)   | {global: {inference: {enabled: false}}}   | yaml: global.inference.enabled = "false"   | must be true | remove this line
            shared   | values          | {inference-api-proxy: {enabled: true}}    | values: inference-api-proxy.enabled = "true" | must be false | remove this line
            shared   | (values file)   | {inference-api-proxy: {enabled: true}}    | yaml: inference-api-proxy.enabled = "true" | must be false | remove this line
            tenant   | values          | {global: {inference: {enabled: true}}}    | values: global.inference.enabled = "true"  | must be false | remove this line
            tenant   | (values file)   | {global: {inference: {enabled: true}}}    | yaml: global.inference.enabled = "true"    | must be false | remove this line
            tenant   | values          | {inference-api-proxy: {enabled: false}}   | values: inference-api-proxy.enabled = "false" | must be true | remove this line
            tenant   | (values file)   | {inference-api-proxy: {enabled: "yes"}}   | yaml: inference-api-proxy.enabled = "yes"  | must be the boolean true | remove this line
            # values
            shared   | (values file)   | {pharia-iam: {enabled: false}}            | yaml: pharia-iam.enabled = "false"         | every tenant requires | remove this line
            shared   | values          | {inference-api: {enabled: false}}         | values: inference-api.enabled = "false"    | every tenant requires | remove this line
            shared   | (values file)   | {pharia-iam: {config: {serviceUsers: {tenant1: {roles: [Admin]}}}}} | yaml: pharia-iam.config.serviceUsers.tenant1.roles | must be [InferenceServiceUser] | remove this line
            shared   | values          | {pharia-iam: {config: {serviceUsers: {tenant1: {name: b}}}}} | values: pharia-iam.config.serviceUsers.tenant1.name | must be tenant1 | remove this line
            shared   | values          | {pharia-iam: {config: {serviceUsers: {tenant1: {token: t}}}}} | values: pharia-iam.config.serviceUsers.tenant1.token | unsupported key | remove this line
            tenant   | (values file)   | {inference-api-proxy: {remoteInferenceApiToken: t}} | yaml: inference-api-proxy.remoteInferenceApiToken | from the Secret inference-api-proxy-secret | rotate it
            tenant   | values          | {inference-api-proxy: {env: {remote-inference-api-url: u}}} | values: inference-api-proxy.env.remote-inference-api-url | from the Secret inference-api-proxy-secret | remove this line
            shared   | valuesFiles     | [no-such.yaml]   | no-such.yaml              | file not found                     | correct the file
            shared   | (values file)   | [a]              | mistake.yaml              | contains a list                    | correct the file
            shared   | (values file)   | a: [             | mistake.yaml              | is not valid YAML for Helm: line   | correct the file
            # the proxy's image
            tenant   | proxyImageRepository | a.example/proxy:1 | proxyImageRepository = "a.example/proxy:1" | without a tag | registry.example.com/path/name
            tenant   | proxyImageRepository | a.example/Proxy | proxyImageRepository = "a.example/Proxy" | must be REGISTRY/REPOSITORY | registry.example.com/path/name
            tenant   | proxyImage      | ':1.0'           | proxyImage = ":1.0"       | or REGISTRY/REPOSITORY | registry.example.com/path/name
            tenant   | proxyImage      | a.example/:1     | proxyImage = "a.example/:1" | or REGISTRY/REPOSITORY | registry.example.com/path/name
            tenant   | proxyRegistryUsername | me         | proxyRegistryPassword     | required when proxyRegistryUsername is set | set both, or remove both
            tenant   | proxyImageTagPath | a..b           | proxyImageTagPath = "a..b" | must be a dot-separated path in the chart's values | inference-api-proxy.image.tag
            # network policies
            tenant   | sharedApiNamespace | Bad_Name      | sharedApiNamespace = "Bad_Name" | must be a DNS label          | shared API's URL
            tenant   | sharedApiCidrs  | [10.0.0.0/8]     | sharedApiCidrs = "[10.0.0.0/8]" | must not be set together with shared-inference:sharedApiNamespace | keep the namespace
            elsewhere | sharedApiCidrs | [10.0.0.0/33]    | sharedApiCidrs = "10.0.0.0/33" | must be an IPv4 or IPv6 CIDR block | 203.0.113.0/24
            elsewhere | sharedApiCidrs | [api.example.com/24] | sharedApiCidrs = "api.example.com/24" | must be an IPv4 or IPv6 CIDR block | 203.0.113.0/24
            tenant   | ciliumFqdnPolicy | true            | ciliumFqdnPolicy = "true" | must not be set together           | keep only one of the three
            tenant   | proxyPodLabels  | {}               | proxyPodLabels            | at least one pod label             | remove the key
            tenant   | iamPodLabels    | {'a b': c}       | iamPodLabels              | each a valid Kubernetes label      | remove the key
            # keys
            shared   | disabledService | [a]              | disabledService           | did you mean shared-inference:disabledServices? | pulumi config rm
            shared   | tenant          | tenant1          | tenant = "tenant1"        | not supported for the role shared | pulumi config rm
            handover | chart           | ./sandbox/chart  | chart = "./sandbox/chart" | not supported for the role handover | pulumi config rm
            handover | serviceUser     | other            | serviceUser = "other"     | must be a service user of the tenant | remove the key
            handover | tenant          | (not set)        | tenant                    | is not set                         | pulumi config set tenant NAME
            """)
    void invalidConfigurationIsRejectedWithoutChanges(
            String base, String key, String value, String subject, String rule, String fix) throws Exception {
        var config = config(base);
        if (value.equals("(not set)")) {
            config.remove(key);
        } else if (key.equals("(values file)")) {
            config.put("valuesFiles", with(config, invalidFile(value)));
        } else {
            config.put(key, new Yaml().load(value));
        }
        assertRejected(config, List.of(subject, rule, fix));
    }

    /** The engine checks the types that Pulumi.yaml declares before the program runs. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timeoutSeconds | ten       | integer
            timeoutSeconds | 600.5     | integer
            protect        | sometimes | boolean
            tokenOutputs   | maybe     | boolean
            tenants        | tenant1   | array<string>
            valuesFiles    | a.yaml    | array<string>
            serviceUsers   | [tenant1] | object
            values         | text      | object
            """)
    void theEngineRejectsValuesOfAnotherType(String key, String value, String type) throws Exception {
        var config = config("shared");
        config.put(key, new Yaml().load(value));
        assertRejectedWith(config, List.of("configuration key '" + key + "' must be of type '" + type + "'"));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            (not set) | sharedStack                  | is not set                          | usually shared
            a/b       | sharedStack = "a/b"          | must be STACK or ORGANIZATION/PROJECT/STACK | usually shared
            bad       | sharedStack = "bad"          | must not be this stack itself | usually shared
            nowhere   | shared-inference/nowhere" | cannot be read | pulumi up --stack organization/shared-inference/nowhere
            """)
    void anInvalidSharedStackIsReported(String value, String subject, String rule, String fix) throws Exception {
        invalidConfigurationIsRejectedWithoutChanges("tenant", "sharedStack", value, subject, rule, fix);
    }

    /** An output of the shared stack, its value as YAML, and parts of the message of the tenant's `up`. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token-tenant1   | (not set) | token-tenant1                        | secret output not found      | pharia-iam-service-user-tenant1
            token-tenant1   | null      | token-tenant1                        | secret output not found      | run pulumi up
            token-tenant1   | "  "      | token-tenant1                        | is blank                     | run pulumi up
            inferenceApiUrl | (not set) | organization/shared-inference/shared | output 'inferenceApiUrl' not found | run pulumi up
            inferenceApiUrl | " "       | organization/shared-inference/shared | output 'inferenceApiUrl' not found | run pulumi up
            tenants         | [green]   | tenant = "tenant1"                   | which has [green]            | add it with
            """)
    void missingOutputsOfTheSharedStackAreReported(String output, String value, String subject, String rule, String fix)
            throws Exception {
        var project = projects.take();
        try {
            copySharedState(project, outputs -> {
                outputs.remove(output);
                if (!value.equals("(not set)")) {
                    outputs.set(output, new ObjectMapper().valueToTree(new Yaml().load(value)));
                }
            });
            assertRejected(project, config("tenant"), List.of("1 problem.", subject, rule, fix));
        } finally {
            copySharedState(project, outputs -> {});
            projects.add(project);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource(textBlock = """
            nobody
            blank
            keyless
            """)
    void aHandoverWithoutATokenIsRejected(String tenant) throws Exception {
        var config = config("handover");
        config.put("tenant", tenant);
        var subject = "Secret " + SECRETS + "/pharia-iam-service-user-" + tenant;
        assertRejected(config, List.of(subject, "or has no value for the key 'token'", "run pulumi up there"));
    }

    @Test
    void anUnreachableClusterIsReported() throws Exception {
        var config = config("shared");
        var kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: gone, cluster: {server: "https://127.0.0.1:9"}}]
                contexts: [{name: gone, context: {cluster: gone, user: nobody}}]
                users: [{name: nobody, user: {}}]
                """);
        config.put("kubeconfig", kubeconfig.toString());
        config.put("context", "gone");
        assertRejected(
                config,
                List.of("context = \"gone\"", "cannot connect to the API server https://127.0.0.1:9", "check the VPN"));
    }

    @Test
    void aNamespaceOfAnotherStackIsReportedWithItsFile() throws Exception {
        var project = new Project(sandbox, directory.resolve("installations"));
        project.configure("other", config("shared"));
        project.configure("bad", config("shared"));
        assertRejected(
                project,
                config("shared"),
                List.of("namespace = \"bad-input\"", "Pulumi.other.yaml", "separate namespace"));
    }

    @Test
    void allProblemsAreReportedTogether() throws Exception {
        var config = config("tenant");
        config.putAll(Map.of("tenant", "Bad_Name", "context", "nowhere", "inferenceApiUrl", "ftp://x", "typo", "1"));
        assertRejectedWith(config, List.of("4 problems.", "Bad_Name", "nowhere", "ftp://x", "typo"));
    }

    /** A valid configuration. */
    private Map<String, Object> config(String base) {
        if (base.equals("handover")) {
            return Installations.handover(sandbox, SECRETS, "blank", "http://a.example");
        }
        var config = sandbox.config(base.matches("shared|domain") ? "shared" : "tenant1");
        config.put("namespace", "bad-input");
        if (base.equals("domain")) {
            config.keySet().removeAll(List.of("inferenceApiUrl", "iamUrl"));
        }
        if (base.equals("elsewhere")) {
            config.remove("sharedApiNamespace");
        }
        return config;
    }

    private Path invalidFile(String content) throws IOException {
        return Files.writeString(Files.createTempDirectory(directory, "values").resolve("mistake.yaml"), content);
    }

    private static List<Object> with(Map<String, Object> config, Path file) {
        var files = new ArrayList<Object>((List<?>) config.get("valuesFiles"));
        files.add(file.toString());
        return files;
    }

    private void assertRejected(Map<String, Object> config, List<String> expected) throws InterruptedException {
        assertRejectedWith(
                config,
                Stream.concat(Stream.of("cannot be deployed: 1 problem. Nothing was changed."), expected.stream())
                        .toList());
    }

    private void assertRejectedWith(Map<String, Object> config, List<String> expected) throws InterruptedException {
        var project = projects.take();
        try {
            assertRejected(project, config, expected);
        } finally {
            projects.add(project);
        }
    }

    private void assertRejected(Project project, Map<String, Object> config, List<String> expected) {
        project.write("bad", config);
        var before = objects.list();
        var message = project.up("bad").failed();
        assertAll(expected.stream().map(part -> () -> assertTrue(message.contains(part), part + " in:\n" + message)));
        assertEquals(before, objects.list());
    }

    /** Copies the state of the sandbox's shared stack, with changed outputs, to the project's backend. */
    private void copySharedState(Project project, Consumer<ObjectNode> change) throws IOException {
        var path = Path.of(".pulumi/stacks/shared-inference/shared.json");
        var json = new ObjectMapper();
        var backend = Path.of(sandbox.environment().get("PULUMI_BACKEND_URL").replace("file://", ""));
        var state = json.readTree(backend.resolve(path).toFile());
        change.accept((ObjectNode) state.at("/checkpoint/latest/resources/0/outputs"));
        json.writeValue(project.directory().resolve("backend").resolve(path).toFile(), state);
    }
}
