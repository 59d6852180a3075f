package io.sharedinference.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.cluster.Cluster;
import io.sharedinference.cluster.ClusterException;
import io.sharedinference.cluster.HelmRelease;
import io.sharedinference.cluster.ProxyPod;
import io.sharedinference.config.ClusterConfig;
import io.sharedinference.config.InstallationConfig;
import io.sharedinference.config.SharedConfig;
import io.sharedinference.config.StackConfig;
import io.sharedinference.config.StackFiles;
import io.sharedinference.config.TenantConfig;
import io.sharedinference.engine.Engine;
import io.sharedinference.verify.Access;
import io.sharedinference.verify.Installation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Looks at every tenant of the project, several at a time. Only reads. For one run; close it afterwards. */
public final class Inventory implements AutoCloseable {

    private static final Set<String> CHANGES = Set.of("create", "update", "delete", "replace");

    private final Map<String, StackConfig> stacks;
    private final Path checkout;
    private final Engine engine;
    private final Access access;
    private final boolean drift;
    private final Map<String, Optional<SharedState>> shared = new ConcurrentHashMap<>();
    private final Map<ClusterConfig, Cluster> clusters = new ConcurrentHashMap<>();

    /**
     * @param stacks   by plain name
     * @param checkout where relative paths in stack files begin
     * @param drift    whether to have the engine compare each stack with its cluster, some seconds per tenant
     */
    public Inventory(Map<String, StackConfig> stacks, Path checkout, Engine engine, Access access, boolean drift) {
        this.stacks = stacks;
        this.checkout = checkout;
        this.engine = engine;
        this.access = access;
        this.drift = drift;
    }

    public List<TenantState> tenants() {
        var tenants = stacks.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof TenantConfig)
                .toList();
        return tenants.parallelStream()
                .map(entry -> state(entry.getKey(), (TenantConfig) entry.getValue()))
                .toList();
    }

    private TenantState state(String stack, TenantConfig config) {
        var installation = config.installation();
        var there = shared.computeIfAbsent(config.sharedStack(), this::sharedState);
        var asTenant = there.flatMap(state -> state.asTenant(config.tenant()));
        var look = look(config, asTenant);
        return new TenantState(
                config.tenant(),
                stack,
                installation.namespace(),
                installation.cluster().context(),
                look.chart(),
                look.image(),
                asTenant.flatMap(this::models),
                look.health(),
                there.flatMap(state -> state.tokenDays(config.tenant(), this::cluster)),
                drift ? Optional.of(drift(stack)) : Optional.empty());
    }

    private Optional<SharedState> sharedState(String stack) {
        var config = Optional.ofNullable(stacks.get(StackFiles.plainName(stack)))
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast);
        return SharedState.read(stack, config, engine);
    }

    private Cluster cluster(ClusterConfig config) {
        return clusters.computeIfAbsent(
                config, key -> Cluster.open(key.kubeconfig().map(checkout::resolve), key.context()));
    }

    private Optional<Integer> models(Installation api) {
        return access.of(api) instanceof Access.Result.Accepted accepted
                ? Optional.of(accepted.models())
                : Optional.empty();
    }

    /** What a tenant's own cluster tells. */
    private record Look(Optional<String> chart, Optional<String> image, String health) {}

    private Look look(TenantConfig config, Optional<Installation> asTenant) {
        var installation = config.installation();
        try {
            var cluster = cluster(installation.cluster());
            var release = cluster.release(installation.namespace(), installation.releaseName());
            var pods = cluster.proxyPods(
                    installation.namespace(), config.networkPolicy().proxyPodLabels());
            var complaints = new ArrayList<String>();
            complaints(installation, release).ifPresent(complaints::add);
            complaints(pods).ifPresent(complaints::add);
            asTenant.flatMap(shared -> olderToken(cluster, pods, shared)).ifPresent(complaints::add);
            return new Look(
                    release.map(found -> found.chart() + " " + found.chartVersion()),
                    Optional.of(pods.stream().map(ProxyPod::image).distinct().collect(Collectors.joining(" ")))
                            .filter(images -> !images.isEmpty()),
                    complaints.isEmpty() ? "ok" : String.join(", ", complaints));
        } catch (ClusterException e) {
            return new Look(
                    Optional.empty(),
                    Optional.empty(),
                    "unknown: " + e.getMessage().split("[.;:] ", 2)[0]);
        }
    }

    private static Optional<String> complaints(InstallationConfig config, Optional<HelmRelease> release) {
        return release.map(HelmRelease::status)
                .or(() -> Optional.of("no release " + config.releaseName()))
                .filter(status -> !status.equals("deployed"));
    }

    private static Optional<String> complaints(List<ProxyPod> pods) {
        long ready = pods.stream().filter(ProxyPod::ready).count();
        return Optional.of(ready + " of " + pods.size() + " proxies ready")
                .filter(text -> pods.isEmpty() || ready < pods.size());
    }

    private static Optional<String> olderToken(Cluster cluster, List<ProxyPod> pods, Installation shared) {
        var fingerprint = shared.token().fingerprint();
        long others = pods.stream()
                .map(cluster::fingerprint)
                .flatMap(Optional::stream)
                .filter(used -> !used.equals(fingerprint))
                .count();
        return Optional.of("another token than the shared stack's in " + others + " of " + pods.size() + " proxies")
                .filter(text -> others > 0);
    }

    private String drift(String stack) {
        return engine.drift(stack).map(Inventory::changes).orElse("can't be previewed");
    }

    private static String changes(JsonNode summary) {
        var changes = summary.properties().stream()
                .filter(entry -> CHANGES.contains(entry.getKey()))
                .map(entry -> entry.getValue().asInt() + " to " + entry.getKey())
                .collect(Collectors.joining(", "));
        return changes.isEmpty() ? "none" : changes;
    }

    @Override
    public void close() {
        clusters.values().forEach(Cluster::close);
    }
}
