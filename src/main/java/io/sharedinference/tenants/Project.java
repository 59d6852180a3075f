package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.project.CaCertificates;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.HandoverConfig;
import io.sharedinference.project.Problems;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.SiblingStacks;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.project.Workspace;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.ApiEndpoint;
import io.sharedinference.verify.TokenCheck;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A project: its stack files, its stacks, and access to clusters and APIs.
 *
 * @param discardPending whether to delete the record of a pending Helm operation without waiting for it
 */
public record Project(
        StackFiles files, Workspace workspace, Engine engine, TokenCheck tokenCheck, boolean discardPending) {

    Cluster cluster(ClusterConfig config) {
        return Cluster.open(config, workspace.checkout());
    }

    /** This project with stack files in another directory. */
    Project withStackFiles(Path directory) {
        return new Project(
                files.inDirectory(directory), workspace.withStackFiles(directory), engine, tokenCheck, discardPending);
    }

    /**
     * Runs work that only one command at a time may do on a stack.
     *
     * @throws LifecycleException if another command is working on it
     */
    <T> T exclusively(String stack, Supplier<T> work) {
        var claim = files.editable(stack)
                .claim()
                .orElseThrow(() -> new LifecycleException("stack " + stack + " was not changed: another command is"
                        + " working on it.\nFix: wait until it has ended, then check the result with ./tenant list."));
        try (claim) {
            return work.get();
        }
    }

    boolean hasFile(String stack) {
        return files.stacks().contains(stack);
    }

    /** Creates a stack, by default with the backend's secrets provider. The CLI writes a salt into its file. */
    void init(String stack, Optional<String> secretsProvider) {
        files.editable(stack).locked(() -> engine.init(stack, secretsProvider));
    }

    /** Sets a secret in a stack file. */
    void encrypt(String stack, SecretSetting secret) {
        files.editable(stack).locked(() -> engine.encrypt(stack, secret.path(), secret.value()));
    }

    /** Removes an empty stack and its file. */
    void remove(String stack) {
        files.editable(stack).locked(() -> engine.remove(stack));
    }

    Optional<TenantConfig> tenant(String stack) {
        return config(stack).map(config -> {
            if (config instanceof TenantConfig tenant) {
                return tenant;
            }
            throw new LifecycleException(
                    "stack " + stack + " is not a tenant: it has another role.\nFix: name the stack of a tenant;"
                            + " ./tenant list shows them.");
        });
    }

    SharedConfig shared(String stack) {
        return config(stack)
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast)
                .orElseThrow(() -> new LifecycleException(
                        "shared stack " + stack + " not found: this project has no Pulumi." + stack
                                + ".yaml with the role shared.\nFix: pass the project directory of the shared stack with"
                                + " --cwd DIR."));
    }

    /**
     * The route of a tenant's token according to the stack files.
     *
     * @throws LifecycleException if the shared stack is in another project
     */
    TokenRoute route(TenantConfig tenant) {
        var source = tenant.sharedStack().stack();
        return parsed(source).filter(HandoverConfig.class::isInstance).isPresent()
                ? route(source, (HandoverConfig) config(source).orElseThrow())
                : new TokenRoute(source, Optional.empty());
    }

    /**
     * The route to a tenant in another project; empty if this project has no hand-over stack for it.
     *
     * @throws io.sharedinference.project.ConfigException if the hand-over stack's file is invalid
     */
    Optional<TokenRoute> handoverRoute(String tenant) {
        return files.handoverTenants().entrySet().stream()
                .filter(handover -> handover.getValue().equals(tenant))
                .findFirst()
                .map(Map.Entry::getKey)
                .map(stack -> route(stack, (HandoverConfig) config(stack).orElseThrow()));
    }

    private TokenRoute route(String stack, HandoverConfig handover) {
        var shared = SiblingStacks.sharedStack(workspace, files, handover)
                .orElseThrow(() -> new LifecycleException("the shared stack of hand-over stack " + stack
                        + " not found: no shared stack of this project has the namespace " + handover.namespace()
                        + ".\nFix: pass the project directory of the shared stack with --cwd DIR."));
        return new TokenRoute(shared.installation().stack(), Optional.of(stack));
    }

    /** The shared API, to be called with this token. */
    ApiEndpoint sharedApi(String stack, Token token) {
        var config = shared(stack);
        return new ApiEndpoint(
                stack,
                config.installation().inferenceApiUrl(),
                token,
                config.inferenceApiCa().map(CaCertificates::pem));
    }

    /** Parses a stack file and ignores its problems; empty if it does not exist or has no role. */
    Optional<StackConfig> parsed(String stack) {
        return hasFile(stack) ? files.parse(stack, new Problems()) : Optional.empty();
    }

    /** @throws io.sharedinference.project.ConfigException with all problems of the file */
    Optional<StackConfig> config(String stack) {
        if (!hasFile(stack)) {
            return Optional.empty();
        }
        var problems = new Problems();
        var config = files.parse(stack, problems);
        problems.throwIfAny(stack);
        return config;
    }
}
