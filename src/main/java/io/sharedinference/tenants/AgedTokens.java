package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.project.ConfigException;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.TenantConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tenants whose token is due for rotation.
 *
 * @param stacks  of these tenants
 * @param unknown stacks whose token's age cannot be read, each with the reason
 */
public record AgedTokens(List<String> stacks, List<String> unknown) {

    /** @param days least age of a token, which is the age of its service user's Secret */
    public static AgedTokens of(Project project, long days) {
        var stacks = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        var configs = project.files().validConfigs();
        for (var stack : project.files().stacks()) {
            if (!configs.containsKey(stack)) {
                unknown.add(stack + ": its file is not valid.\nFix: ./tenant check " + stack);
            } else if (configs.get(stack) instanceof TenantConfig tenant) {
                try {
                    age(project, tenant).filter(age -> age.toDays() >= days).ifPresent(age -> stacks.add(stack));
                } catch (LifecycleException | ClusterException | ConfigException e) {
                    unknown.add(stack + ": " + e.getMessage());
                }
            }
        }
        return new AgedTokens(stacks, unknown);
    }

    /** Empty for a tenant that has no token yet. */
    private static Optional<Duration> age(Project project, TenantConfig tenant) {
        var shared = project.route(tenant).shared();
        var installation = project.shared(shared).installation();
        var user = new TenantServiceUsers(project, shared, tenant.tenant())
                .listed()
                .map(ServiceUsers::current);
        try (Cluster cluster = project.cluster(installation.cluster())) {
            return user.flatMap(
                            name -> cluster.secretCreated(installation.namespace(), ServiceUsers.SECRET_PREFIX + name))
                    .map(created -> Duration.between(created, Instant.now()));
        }
    }
}
