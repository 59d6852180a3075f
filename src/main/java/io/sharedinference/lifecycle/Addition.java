package io.sharedinference.lifecycle;

import io.sharedinference.cluster.Cluster;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.verify.Access;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
            tenant.handover(place).ifPresent(handover -> write(progress, handover));
            write(progress, tenant.draft(place));
        }
        TenantConfig config = place.tenant(name).orElseThrow();
        TokenRoute route = place.route(config);
        progress.step("service user in Pulumi." + route.shared() + ".yaml", listener -> {
            new SharedUsers(place, route.shared(), config.tenant()).add();
            return "";
        });
        List<String> own =
                Stream.concat(route.handover().stream(), Stream.of(name)).toList();
        own.forEach(stack -> progress.step("stack " + stack, listener -> init(stack)));
        return Stream.concat(Stream.of(route.shared()), own.stream()).allMatch(stack -> up(progress, stack, ask))
                && verified(progress, config, route.shared());
    }

    private void write(Progress progress, NewStackFile file) {
        if (!place.hasFile(file.stack())) {
            progress.step("write Pulumi." + file.stack() + ".yaml", listener -> {
                file.write(place);
                return "like " + file.like();
            });
        }
    }

    private String init(String stack) {
        if (place.engine().stacks().contains(stack)) {
            return "is there";
        }
        place.init(stack, secretsProvider);
        return "made";
    }

    private boolean up(Progress progress, String stack, boolean ask) {
        if (ask && !agreed.test(place.engine().preview(stack))) {
            return false;
        }
        progress.step("up stack " + stack, new Deployment(place, stack)::up);
        return true;
    }

    private boolean verified(Progress progress, TenantConfig config, String shared) {
        progress.step("every proxy has its token, and the shared API accepts it", listener -> verify(config, shared));
        return true;
    }

    private String verify(TenantConfig config, String shared) {
        var users = new SharedUsers(place, shared, config.tenant());
        var token = users.token(users.listed().orElseThrow().current());
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
