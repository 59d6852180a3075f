package io.sharedinference.cli;

import io.sharedinference.project.Key;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.review.PreviewSummary;
import io.sharedinference.review.Previews;
import io.sharedinference.tenants.Addition;
import io.sharedinference.tenants.NewTenant;
import io.sharedinference.tenants.Project;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = {
            "Add a tenant: stack file, service user, deployment, verification",
            "Shows a preview and asks for confirmation before each deployment. To resume after an interruption, run it again."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenant add tenant2",
            "  ./tenant add tenant2 --like tenant1 --domain tenant2.ai.acme.com",
            "  ./tenant add tenant2 --other-cluster gpu-2 --set chartVersion=1.2.0 --yes"
        })
final class AddCommand extends LifecycleCommand {

    @Parameters(paramLabel = "NAME", description = "Name of the tenant and of its stack")
    private String name;

    @Option(
            names = "--like",
            paramLabel = "STACK",
            description = "Tenant stack to copy settings from (default: the first tenant)",
            completionCandidates = StackNames.class)
    private Optional<String> like;

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            description = "Domain of the tenant (default: derived from the copied one)")
    private Optional<String> domain;

    @Option(names = "--namespace", paramLabel = "NAME", description = "Namespace of the tenant (default: its name)")
    private Optional<String> namespace;

    @Option(
            names = "--other-cluster",
            paramLabel = "CONTEXT",
            description = "Kubeconfig context, if the tenant runs in another cluster")
    private Optional<String> otherCluster;

    @Option(
            names = "--handover",
            description = {
                "Create a hand-over stack, for a tenant that another team operates;",
                "implied if the copied tenant has one, or if the shared stack exports no tokens"
            })
    private boolean handover;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Configuration of the tenant's stack; lists and objects as JSON")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--set-secret",
            paramLabel = "KEY",
            description = {
                "Key to encrypt in the tenant's stack file, for instance values.smtp.password;",
                "prompts for its value, or reads standard input: one line per key, or all of it for a single key"
            })
    private List<String> secretKeys = List.of();

    @Option(
            names = "--set-secret-file",
            paramLabel = "KEY=FILE",
            description = "Key to encrypt, with its value from a file")
    private Map<String, Path> secretFiles = Map.of();

    @Option(
            names = "--secrets-provider",
            paramLabel = "URL",
            description = "Secrets provider, as for pulumi stack init (default: passphrase)")
    private Optional<String> secretsProvider;

    @Override
    public Integer call() {
        like.ifPresent(options().stackNames()::require);
        Project project = open();
        StepReporter steps = steps();
        domain.ifPresent(value -> settings.put(Key.DOMAIN.key(), value));
        namespace.ifPresent(value -> settings.put(Key.NAMESPACE.key(), value));
        NewTenant tenant = new NewTenant(
                name,
                like.orElseGet(() -> firstTenant(project)),
                otherCluster,
                handover,
                settings,
                SecretInput.ofThisProcess().read(project.files().name(name), secretKeys, secretFiles));
        var addition = new Addition(project, tenant, secretsProvider, stack -> confirmed(project, stack));
        boolean done = addition.run(steps, asks());
        steps.end(name, done, result(project, done) + missingSecrets(name, addition.missingSecrets()));
        return ExitCode.of(done);
    }

    private String result(Project project, boolean done) {
        return done
                ? added(
                        name,
                        Optional.ofNullable(project.files().tenants().get(name))
                                .orElseThrow()
                                .installation()
                                .inferenceApiUrl())
                : name
                        + " was added only partially.\nFix: run the same command again to continue, or ./tenant remove "
                        + name + " to undo it.";
    }

    static String added(String name, URI url) {
        return name + " was added: " + url
                + "\nTo verify it with the token of one of its users, run:\n  ./tenant verify " + name
                + " --token-file FILE";
    }

    static String missingSecrets(String name, List<String> missing) {
        return missing.stream()
                .map(path -> "\nSecret not copied: " + path + ". If " + name
                        + " needs it, run pulumi config set --secret --path '" + path + "' -s " + name
                        + ", then pulumi up -s " + name + ".")
                .collect(Collectors.joining());
    }

    private boolean confirmed(Project project, String stack) {
        var shared = Optional.ofNullable(project.files().tenants().get(stack)).map(TenantConfig::sharedStack);
        var review = new Previews(project.engine(), System.getenv())
                .update(stack, project.files().file(stack), shared);
        if (!review.failures().isEmpty()) {
            throw new CommandException(
                    "the preview of stack " + stack + " failed: " + String.join("\n", review.failures()));
        }
        err().println(new PreviewSummary(review).text());
        return confirmed("Update stack " + stack + "?");
    }

    private String firstTenant(Project project) {
        return project.files().tenants().keySet().stream()
                .findFirst()
                .orElseThrow(() -> new CommandException("no tenant to copy settings from: the project has none.\n"
                        + "Fix: for the first one, edit Pulumi.tenant1.yaml as docs/getting-started.md describes."));
    }
}
