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
 * Where tenants live: the project's files, its stacks, and how to reach clusters and APIs.
 *
 * @param access         to inference APIs
 * @param discardPending whether the record of a pending Helm operation is removed without waiting for its end
 */
public record Project(
        StackFiles files, Workspace workspace, Engine engine, TokenCheck tokenCheck, boolean discardPending) {

    Cluster cluster(ClusterConfig config) {
        return Cluster.open(config, workspace.checkout());
    }

    /** The same with stack files in another directory. */
    Project with(Path directory) {
        return new Project(
                files.inDirectory(directory), workspace.withStackFiles(directory), engine, tokenCheck, discardPending);
    }

    /**
     * Does what one command alone may do with a stack at a time.
     *
     * @throws LifecycleException while another command is at it
     */
    <T> T exclusively(String stack, Supplier<T> work) {
        var claim = files.editable(stack)
                .claim()
                .orElseThrow(() -> new LifecycleException("another command is working on " + stack
                        + " at this moment, and nothing was touched.\nFix: wait until it has ended; ./tenant list shows"
                        + " what is there then."));
        try (claim) {
            return work.get();
        }
    }

    boolean hasFile(String stack) {
        return files.stacks().contains(stack);
    }

    /** The CLI writes a salt into the file. @param secretsProvider empty for the backend's default */
    void init(String stack, Optional<String> secretsProvider) {
        files.editable(stack).locked(() -> engine.init(stack, secretsProvider));
    }

    /** Sets a key of a stack's file. */
    void encrypt(String stack, SecretSetting secret) {
        files.editable(stack).locked(() -> engine.encrypt(stack, secret.path(), secret.value()));
    }

    /** An empty stack and its file. */
    void remove(String stack) {
        files.editable(stack).locked(() -> engine.remove(stack));
    }

    Optional<TenantConfig> tenant(String stack) {
        return config(stack)
                .map(config -> config instanceof TenantConfig tenant
                        ? tenant
                        : refuse(stack + " is no tenant's stack: its role is another one. Name a tenant's."));
    }

    SharedConfig shared(String stack) {
        return config(stack)
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast)
                .orElseGet(() ->
                        refuse("there is no file Pulumi." + stack + ".yaml of a stack whose role is shared in this"
                                + " project. Run this where the shared installation's stack is."));
    }

    /**
     * The way of a tenant's token, by the files.
     *
     * @throws LifecycleException if it comes from another project
     */
    TokenRoute route(TenantConfig tenant) {
        var source = StackFiles.plainName(tenant.sharedStack());
        return parsed(source).filter(HandoverConfig.class::isInstance).isPresent()
                ? route(source, (HandoverConfig) config(source).orElseThrow())
                : new TokenRoute(source, Optional.empty());
    }

    /**
     * The same for a tenant whose own stack is in another project; empty if no hand-over stack of this one is for it.
     *
     * @throws io.sharedinference.project.ConfigException if one is, and has mistakes
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
                .orElseGet(() -> refuse("no shared stack of this project has the namespace " + handover.namespace()
                        + " that Pulumi." + stack
                        + ".yaml reads. Run this where the shared installation's stack is."));
        return new TokenRoute(shared.installation().stack(), Optional.of(stack));
    }

    /** The shared API as the one whom this token belongs to calls it. */
    ApiEndpoint sharedApi(String stack, Token token) {
        var config = shared(stack);
        return new ApiEndpoint(
                stack,
                config.installation().inferenceApiUrl(),
                token,
                config.inferenceApiCa().map(CaCertificates::pem));
    }

    /** What a stack's file says, right or wrong; empty when there is none, or no role in it. */
    Optional<StackConfig> parsed(String stack) {
        return hasFile(stack) ? files.parse(stack, new Problems()) : Optional.empty();
    }

    /** @throws io.sharedinference.project.ConfigException with all that is wrong in the file */
    Optional<StackConfig> config(String stack) {
        if (!hasFile(stack)) {
            return Optional.empty();
        }
        var problems = new Problems();
        var config = files.parse(stack, problems);
        problems.throwIfAny(stack);
        return config;
    }

    private static <T> T refuse(String message) {
        throw new LifecycleException(message);
    }
}
