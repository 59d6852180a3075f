package io.sharedinference.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The other stacks of the project, as their stack files describe them. */
public final class SiblingStacks {

    private final Workspace workspace;
    private final Settings settings;
    private final StackFiles files;

    /** @param settings of the stack whose siblings to find */
    public SiblingStacks(Workspace workspace, Settings settings) {
        this.workspace = workspace;
        this.settings = settings;
        this.files = workspace.stackFiles(settings.name());
    }

    /** A stack that reads a tenant's token from the shared stack. */
    public record Dependent(StackName stack, String tenant) {}

    /** Values that are missing or encrypted are blank. */
    record Sibling(
            String stack,
            Path file,
            String role,
            String context,
            Optional<Path> kubeconfig,
            String namespace,
            String tenant,
            String sharedStack) {

        boolean isHandover() {
            return role.equals(Role.HANDOVER.text());
        }

        String clusterIdentity(Workspace workspace) {
            return workspace.clusterIdentity(kubeconfig, context);
        }
    }

    /** Stacks that read their token from this shared stack. */
    public List<Dependent> dependents(SharedConfig config) {
        return all().stream()
                .filter(sibling -> files.name(sibling.sharedStack()).equals(settings.name())
                        || sibling.isHandover() && reads(sibling, config.installation()))
                .map(sibling -> new Dependent(files.name(sibling.stack()), sibling.tenant()))
                .toList();
    }

    /** Whether the shared stack's file lists the service user, so that its next {@code pulumi up} creates the token. */
    public boolean declares(HandoverConfig handover) {
        return sharedStack(workspace, files, handover).stream()
                .flatMap(shared -> shared.serviceUsers().stream())
                .anyMatch(users -> users.names().contains(handover.serviceUser()));
    }

    /** Configuration of the stack that a tenant reads from; empty if it is invalid or in another project. */
    public Optional<StackConfig> source(TenantConfig tenant) {
        var source = tenant.sharedStack();
        return source.sameProject(settings.name()) ? files.validConfig(source.stack()) : Optional.empty();
    }

    /** The shared stack whose installation a hand-over stack reads from; empty if it is in another project. */
    public static Optional<SharedConfig> sharedStack(Workspace workspace, StackFiles files, HandoverConfig handover) {
        return files.validConfigs().values().stream()
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast)
                .filter(shared -> shared.installation().namespace().equals(handover.namespace())
                        && workspace
                                .clusterIdentity(shared.cluster())
                                .equals(workspace.clusterIdentity(handover.cluster())))
                .findFirst();
    }

    /** Skips unreadable files: their own stacks report them. */
    List<Sibling> all() {
        return files.stacks().stream()
                .filter(name -> !name.equals(settings.name().stack()))
                .flatMap(name ->
                        files.read(name, new Problems()).map(read -> sibling(name, files.file(name), read)).stream())
                .toList();
    }

    private boolean reads(Sibling handover, InstallationConfig shared) {
        return handover.namespace().equals(shared.namespace())
                && handover.clusterIdentity(workspace).equals(workspace.clusterIdentity(shared.cluster()));
    }

    private static Sibling sibling(String stack, Path file, Settings settings) {
        var role = text(settings, Key.ROLE);
        var namespace = text(settings, Key.NAMESPACE);
        var defaultNamespace =
                role.equals(Role.TENANT.text()) ? text(settings, Key.TENANT) : InstallationConfig.SHARED_NAMESPACE;
        return new Sibling(
                stack,
                file,
                role,
                text(settings, Key.CONTEXT),
                Optional.of(text(settings, Key.KUBECONFIG))
                        .filter(kubeconfig -> !kubeconfig.isBlank())
                        .map(Path::of),
                namespace.isBlank() ? defaultNamespace : namespace,
                text(settings, Key.TENANT),
                text(settings, Key.SHARED_STACK));
    }

    private static String text(Settings settings, Key key) {
        return settings.value(key).filter(any -> !settings.secret(key)).orElse("");
    }
}
