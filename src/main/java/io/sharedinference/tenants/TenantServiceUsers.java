package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ServiceTokens;
import io.sharedinference.project.Key;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.secrets.Token;
import io.sharedinference.yaml.YamlText;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A tenant's service users in the shared stack's file, and their Secrets in the shared cluster. */
final class TenantServiceUsers {

    private final Project project;
    private final String stack;
    private final String tenant;

    TenantServiceUsers(Project project, String stack, String tenant) {
        this.project = project;
        this.stack = stack;
        this.tenant = tenant;
    }

    /** The service users in the stack file; empty if the tenant is not listed. */
    Optional<ServiceUsers> listed() {
        return config().serviceUsers().stream()
                .filter(users -> users.tenant().equals(tenant))
                .findFirst();
    }

    void addTenant() {
        edit(text -> validated(withTenant(project, tenant).apply(text)));
    }

    static UnaryOperator<YamlText> withTenant(Project project, String tenant) {
        return text -> text.append(project.files().path(text, Key.TENANTS.key()), tenant);
    }

    /** @param names the current service user, whose token is exported, comes last */
    void set(List<String> names) {
        edit(text -> validated(text.set(path(text, Key.SERVICE_USERS, tenant), names)));
    }

    void remove(String name) {
        edit(text -> text.removeItem(path(text, Key.SERVICE_USERS, tenant), name));
    }

    void removeTenant() {
        edit(this::withoutTenant);
    }

    private YamlText withoutTenant(YamlText text) {
        var edited = text.remove(path(text, Key.SERVICE_USERS, tenant));
        return edited.removeItem(path(edited, Key.TENANTS), tenant);
    }

    /** Whether the file is invalid only because it lists this tenant, as an interrupted addition may leave it. */
    boolean isOnlyProblem() {
        if (!project.hasFile(stack) || project.files().problems(stack).isEmpty()) {
            return false;
        }
        try (var staged = StagedFiles.of(project)) {
            staged.edit(stack, this::withoutTenant);
            return staged.project().files().problems(stack).isEmpty();
        }
    }

    /** @throws io.sharedinference.project.ConfigException if the edit adds problems to the file */
    private YamlText validated(YamlText edited) {
        try (var staged = StagedFiles.of(project)) {
            staged.write(stack, edited.text());
            var known = project.files().problems(stack);
            var problems = new Problems();
            staged.project().files().problems(stack).stream()
                    .filter(problem -> !known.contains(problem))
                    .forEach(problems::add);
            problems.throwIfAny(stack);
        }
        return edited;
    }

    private void edit(UnaryOperator<YamlText> edit) {
        project.files().editable(stack).edit(edit);
    }

    private List<String> path(YamlText text, Key key, String... inner) {
        return project.files().path(text, key.key(), inner);
    }

    /** The tokens of those users whose Secrets exist. */
    List<Token> tokens(List<String> users) {
        try (Cluster cluster = cluster()) {
            return users.stream()
                    .flatMap(user ->
                            cluster.token(namespace(), ServiceUsers.SECRET_PREFIX + user, ServiceTokens.KEY).stream())
                    .toList();
        }
    }

    /** @throws LifecycleException if the user's Secret does not exist */
    Token token(String user) {
        return tokens(List.of(user)).stream()
                .findFirst()
                .orElseThrow(() -> new LifecycleException(
                        "the shared installation has no Secret " + ServiceUsers.SECRET_PREFIX + user
                                + " with a token.\nFix: run pulumi up -s " + stack + ", then the same command again."));
    }

    /** The Secrets of this tenant's service users in the cluster. */
    List<String> secrets() {
        try (Cluster cluster = cluster()) {
            return cluster.secretNames(namespace()).stream()
                    .filter(name -> name.startsWith(ServiceUsers.SECRET_PREFIX)
                            && belongsToTenant(name.substring(ServiceUsers.SECRET_PREFIX.length())))
                    .toList();
        }
    }

    static String userOf(String secret) {
        return secret.substring(ServiceUsers.SECRET_PREFIX.length());
    }

    private boolean belongsToTenant(String user) {
        return user.equals(tenant) || new ServiceUsers(tenant, List.of(tenant)).isFormer(user);
    }

    private Cluster cluster() {
        return project.cluster(config().installation().cluster());
    }

    private String namespace() {
        return config().installation().namespace();
    }

    private SharedConfig config() {
        return project.shared(stack);
    }
}
