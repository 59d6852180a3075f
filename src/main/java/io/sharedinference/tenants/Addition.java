package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.verify.TokenCheck;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Adds a tenant: its file, its service user, both stacks, and a look at whether it works. What is there already stays as it
 * is, so that a run that was killed is gone on with.
 */
public final class Addition {

    private final Project project;
    private final NewTenant tenant;
    private final Optional<String> secretsProvider;
    private final Predicate<String> agreed;

    /**
     * @param secretsProvider of the tenant's stack; empty for the backend's default
     * @param agreed          shows the preview of the stack of this name and answers whether to go on
     */
    public Addition(Project project, NewTenant tenant, Optional<String> secretsProvider, Predicate<String> agreed) {
        this.project = project;
        this.tenant = tenant;
        this.secretsProvider = secretsProvider;
        this.agreed = agreed;
    }

    /** @return false when the user didn't agree; the same command goes on then, or {@code remove} takes it back */
    public boolean run(Progress progress, boolean ask) {
        return project.exclusively(tenant.name(), () -> added(progress, ask));
    }

    private boolean added(Progress progress, boolean ask) {
        String name = tenant.name();
        TokenRoute route = write(progress);
        List<String> own =
                Stream.concat(route.handover().stream(), Stream.of(name)).toList();
        own.forEach(stack -> progress.step("stack " + stack, listener -> init(stack)));
        tenant.secrets().forEach(secret -> encrypt(progress, secret));
        TenantConfig config = project.tenant(name).orElseThrow();
        progress.step("service user in Pulumi." + route.shared() + ".yaml", listener -> {
            new TenantServiceUsers(project, route.shared(), config.tenant()).addTenant();
            return "";
        });
        return Stream.concat(Stream.of(route.shared()), own.stream()).allMatch(stack -> up(progress, stack, ask))
                && verified(progress, config, route.shared());
    }

    /**
     * Writes the files that aren't there, once all of them and the shared stack's are right as they would become.
     *
     * @throws io.sharedinference.project.ConfigException with all that is wrong; nothing is written then
     */
    TokenRoute write(Progress progress) {
        List<NewStackFile> files = tenant.missingFiles(project);
        TokenRoute route = checked(files);
        List<String> secrets = tenant.missingSecrets(project);
        files.forEach(file -> progress.step("write Pulumi." + file.stack() + ".yaml", listener -> {
            file.write(project);
            return "like " + file.like()
                    + (file.stack().equals(tenant.name()) && !secrets.isEmpty()
                            ? ", without what is encrypted there: " + String.join(", ", secrets)
                            : "");
        }));
        return route;
    }

    private TokenRoute checked(List<NewStackFile> files) {
        String name = tenant.name();
        try (var staged = StagedFiles.of(project)) {
            files.forEach(file -> staged.write(file.stack(), file.yaml()));
            tenant.secrets().forEach(secret -> staged.secret(name, secret));
            TenantConfig config = staged.project()
                    .parsed(name)
                    .filter(TenantConfig.class::isInstance)
                    .map(TenantConfig.class::cast)
                    .or(() -> project.tenant(name))
                    .orElseThrow();
            TokenRoute route = staged.project().route(config);
            project.shared(route.shared());
            staged.edit(route.shared(), TenantServiceUsers.withTenant(project, config.tenant()));
            Stream.of(Optional.of(name), route.handover(), Optional.of(route.shared()))
                    .flatMap(Optional::stream)
                    .forEach(staged::check);
            return route;
        }
    }

    /** Paths of what another tenant's file has encrypted and this one's hasn't got. */
    public List<String> missingSecrets() {
        return tenant.missingSecrets(project);
    }

    private void encrypt(Progress progress, SecretSetting secret) {
        progress.step("encrypt " + secret.path() + " of stack " + tenant.name(), listener -> {
            project.encrypt(tenant.name(), secret);
            return "";
        });
    }

    private String init(String stack) {
        if (project.engine().stacks().contains(stack)) {
            return "is there";
        }
        project.init(stack, secretsProvider);
        return "made";
    }

    private boolean up(Progress progress, String stack, boolean ask) {
        if (ask && !agreed.test(stack)) {
            return false;
        }
        Deployment.up(project, stack, progress);
        return true;
    }

    private boolean verified(Progress progress, TenantConfig config, String shared) {
        progress.step("every proxy has its token, and the shared API accepts it", listener -> verify(config, shared));
        return true;
    }

    private String verify(TenantConfig config, String shared) {
        var users = new TenantServiceUsers(project, shared, config.tenant());
        var token = users.token(users.listed().orElseThrow().current());
        var api = project.sharedApi(shared, token);
        if (!(project.tokenCheck().check(api) instanceof TokenCheck.Result.Accepted accepted)) {
            throw new LifecycleException("the shared API " + api.url() + " doesn't accept the new tenant's token."
                    + " Run ./tenant verify " + tenant.name() + " with a user's token: it tells which hop it is.");
        }
        try (Cluster cluster = project.cluster(config.installation().cluster())) {
            var proxies = new Proxies(cluster, config);
            if (config.image().isPresent()) {
                proxies.await(token.fingerprint(), line -> {});
            } else {
                proxies.awaitRollout(line -> {});
            }
        }
        return accepted.models() + " models";
    }
}
