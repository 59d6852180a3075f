package io.sharedinference.lifecycle;

import io.sharedinference.cluster.Cluster;
import io.sharedinference.config.InstallationConfig;
import io.sharedinference.config.StackFiles;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.verify.Access;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Adds a tenant: its file, its service user, both stacks, and a look at whether it works. What is there already stays as it
 * is, so that a run that was killed is gone on with.
 */
public final class Addition {

    private final Place place;
    private final NewTenant tenant;
    private final Optional<String> secretsProvider;
    private final Predicate<String> agreed;

    /**
     * @param secretsProvider of the tenant's stack; empty for the backend's default
     * @param agreed          is shown a preview and answers whether to go on
     */
    public Addition(Place place, NewTenant tenant, Optional<String> secretsProvider, Predicate<String> agreed) {
        this.place = place;
        this.tenant = tenant;
        this.secretsProvider = secretsProvider;
        this.agreed = agreed;
    }

    /** @return false when the user didn't agree; the same command goes on then, or {@code remove} takes it back */
    public boolean run(Progress progress, boolean ask) {
        String name = tenant.name();
        if (place.hasFile(name)) {
            place.tenant(name);
        } else {
            progress.step("write Pulumi." + name + ".yaml", listener -> {
                tenant.write(place);
                return "like " + tenant.like();
            });
        }
        TenantConfig config = place.tenant(name).orElseThrow();
        String shared = StackFiles.plainName(config.sharedStack());
        progress.step("service user in Pulumi." + shared + ".yaml", listener -> {
            new SharedUsers(place, shared, config.tenant()).add();
            return "";
        });
        progress.step("stack " + name, listener -> init(name));
        return up(progress, shared, ask, place.shared(shared).installation())
                && up(progress, name, ask, config.installation())
                && verified(progress, config, shared);
    }

    private String init(String name) {
        if (place.engine().stacks().contains(name)) {
            return "is there";
        }
        place.engine().init(name, secretsProvider);
        return "made";
    }

    private boolean up(Progress progress, String stack, boolean ask, InstallationConfig installation) {
        if (ask && !agreed.test(place.engine().preview(stack))) {
            return false;
        }
        progress.step("up stack " + stack, new Deployment(place, stack, installation)::up);
        return true;
    }

    private boolean verified(Progress progress, TenantConfig config, String shared) {
        progress.step("every proxy has its token, and the shared API accepts it", listener -> verify(config, shared));
        return true;
    }

    private String verify(TenantConfig config, String shared) {
        var users = new SharedUsers(place, shared, config.tenant());
        var token =
                users.tokens(List.of(users.listed().orElseThrow().current())).get(0);
        var api = place.sharedApi(shared, token);
        if (!(place.access().of(api) instanceof Access.Result.Accepted accepted)) {
            throw new LifecycleException("the shared API " + api.url() + " doesn't accept the new tenant's token."
                    + " Run ./tenant verify " + tenant.name() + " with a user's token: it tells which hop it is.");
        }
        try (Cluster cluster = place.cluster(config.installation().cluster())) {
            new Proxies(cluster, config).await(token.fingerprint(), line -> {});
        }
        return accepted.models() + " models";
    }
}
