package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.verify.TokenCheck;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Adds a tenant: its stack file, its service user, both stacks, and a verification. Existing files, users and stacks are kept,
 * so that the same command continues an interrupted run.
 */
public final class Addition {

    private final Project project;
    private final NewTenant tenant;
    private final Optional<String> secretsProvider;
    private final Predicate<String> confirmed;

    /**
     * @param secretsProvider of the tenant's stack; empty for the backend's default
     * @param confirmed       shows the preview of a stack and returns whether the user confirms it
     */
    public Addition(Project project, NewTenant tenant, Optional<String> secretsProvider, Predicate<String> confirmed) {
        this.project = project;
        this.tenant = tenant;
        this.secretsProvider = secretsProvider;
        this.confirmed = confirmed;
    }

    /** @return false if the user declined; the same command continues then, or {@code remove} reverts it */
    public boolean run(Progress progress, boolean ask) {
        return project.exclusively(tenant.name(), () -> add(progress, ask));
    }

    private boolean add(Progress progress, boolean ask) {
        String name = tenant.name();
        TokenRoute route = write(progress);
        List<String> own =
                Stream.concat(route.handover().stream(), Stream.of(name)).toList();
        own.forEach(stack -> progress.step("create stack " + stack, listener -> init(stack)));
        tenant.secrets().forEach(secret -> encrypt(progress, secret));
        TenantConfig config = project.tenant(name).orElseThrow();
        progress.step("add service user to Pulumi." + route.shared() + ".yaml", listener -> {
            new TenantServiceUsers(project, route.shared(), config.tenant()).addTenant();
            return "";
        });
        return Stream.concat(Stream.of(route.shared()), own.stream()).allMatch(stack -> up(progress, stack, ask))
                && verify(progress, config, route.shared());
    }

    /**
     * Writes missing stack files, after all of them and the shared stack's file are validated.
     *
     * @throws io.sharedinference.project.ConfigException with all problems; then nothing is written
     */
    TokenRoute write(Progress progress) {
        List<NewStackFile> files = tenant.missingFiles(project);
        TokenRoute route = validate(files);
        List<String> secrets = tenant.missingSecrets(project);
        files.forEach(file -> progress.step("write Pulumi." + file.stack() + ".yaml", listener -> {
            file.write(project);
            return "copied from " + file.like()
                    + (file.stack().equals(tenant.name()) && !secrets.isEmpty()
                            ? ", without its secrets: " + String.join(", ", secrets)
                            : "");
        }));
        return route;
    }

    private TokenRoute validate(List<NewStackFile> files) {
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

    /** Paths of secrets in the copied file that are missing in the new one. */
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
            return "already exists";
        }
        project.init(stack, secretsProvider);
        return "";
    }

    private boolean up(Progress progress, String stack, boolean ask) {
        if (ask && !confirmed.test(stack)) {
            return false;
        }
        Deployment.up(project, stack, progress);
        return true;
    }

    private boolean verify(Progress progress, TenantConfig config, String shared) {
        progress.step(
                "verify that every proxy and the shared API accept the token", listener -> verify(config, shared));
        return true;
    }

    private String verify(TenantConfig config, String shared) {
        var users = new TenantServiceUsers(project, shared, config.tenant());
        var token = users.token(users.listed().orElseThrow().current());
        var api = project.sharedApi(shared, token);
        if (!(project.tokenCheck().check(api) instanceof TokenCheck.Result.Accepted accepted)) {
            throw new LifecycleException("the shared API " + api.url() + " does not accept the token of tenant "
                    + tenant.name() + ".\nFix: find the failing hop with ./tenant verify " + tenant.name()
                    + ", then run the same command again.");
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
