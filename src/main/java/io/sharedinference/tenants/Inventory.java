package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackFiles;
import io.sharedinference.project.StackName;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.pulumi.Engine;
import io.sharedinference.verify.ApiEndpoint;
import io.sharedinference.verify.Hop;
import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.TokenCheck;
import io.sharedinference.verify.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the status of every tenant of the project. Read-only, thread-safe, for a single run. */
public final class Inventory implements AutoCloseable {

    private static final int REASON_LIMIT = 160; // characters, in a table

    private final StackFiles files;
    private final Map<String, StackConfig> stacks;
    private final Path checkout;
    private final Engine engine;
    private final Optional<Path> caFile;
    private final Map<StackName, SharedStatus> shared = new ConcurrentHashMap<>();
    private final Map<ClusterConfig, Cluster> clusters = new ConcurrentHashMap<>();

    /**
     * @param checkout base of relative paths in stack files
     * @param caFile   file of CA certificates, in PEM, to trust in addition to the JDK's
     */
    public Inventory(StackFiles files, Path checkout, Engine engine, Optional<Path> caFile) {
        this.files = files;
        this.stacks = files.validConfigs();
        this.checkout = checkout;
        this.engine = engine;
        this.caFile = caFile;
    }

    /** The stacks of tenants, and those with unreadable files, which may be tenants. */
    public List<String> tenantStacks() {
        return files.stacks().stream()
                .filter(stack -> !stacks.containsKey(stack) || stacks.get(stack) instanceof TenantConfig)
                .toList();
    }

    /** @param drift checks the drift of a stack; empty to skip that */
    public TenantStatus status(String stack, Optional<Function<String, TenantStatus.Drift>> drift) {
        if (!(stacks.get(stack) instanceof TenantConfig config)) {
            return TenantStatus.unreadable(stack, problem(stack).orElse("its role is not tenant"));
        }
        var installation = config.installation();
        var sharedStatus = shared.computeIfAbsent(config.sharedStack(), this::sharedStatus);
        var asTenant = sharedStatus.asTenant(config.tenant());
        var installed = installationStatus(stack, asTenant).orElseThrow();
        return new TenantStatus(
                config.tenant(),
                stack,
                Optional.of(installation.namespace()),
                Optional.of(installation.cluster().context()),
                installed.release().map(found -> found.chart() + " " + found.chartVersion()),
                Optional.of(installed.pods().stream()
                                .map(ProxyPod::image)
                                .distinct()
                                .collect(Collectors.joining(" ")))
                        .filter(images -> !images.isEmpty()),
                asTenant.flatMap(this::models),
                health(results(config, sharedStatus, asTenant, installed)),
                sharedStatus.tokenDays(config.tenant(), this::cluster),
                drift.map(finder -> finder.apply(stack)));
    }

    /** The first problem of a stack file; empty if it is valid. */
    public Optional<String> problem(String stack) {
        var file = files.file(stack);
        return files.problems(stack).stream()
                .findFirst()
                .map(problem -> file.getFileName() + ": "
                        + firstLine(
                                problem.subject().equals(file.toString())
                                        ? problem.rule()
                                        : problem.subject() + ": " + problem.rule()));
    }

    /** Empty if the stack file is not a valid tenant. The shared API, if known, has the tenant's token. */
    public Optional<InstallationStatus> installationStatus(String stack, Optional<ApiEndpoint> shared) {
        return Optional.ofNullable(stacks.get(stack))
                .filter(TenantConfig.class::isInstance)
                .map(TenantConfig.class::cast)
                .map(config -> InstallationStatus.read(
                        () -> cluster(config.installation().cluster()), config, shared.map(ApiEndpoint::token)));
    }

    private List<HopResult> results(
            TenantConfig config, SharedStatus shared, Optional<ApiEndpoint> asTenant, InstallationStatus installed) {
        var results = new ArrayList<>(installed.results());
        asTenant.ifPresentOrElse(
                api -> results.addAll(Verification.runWithoutUser(
                                config.installation().stack(),
                                config.installation().inferenceApiUrl(),
                                api,
                                caFile,
                                result -> {})
                        .results()),
                () -> results.add(noToken(config, shared)));
        return results;
    }

    private static HopResult noToken(TenantConfig config, SharedStatus shared) {
        return shared.error().isBlank()
                ? new HopResult.Failed(
                        Hop.SHARED_TOKEN,
                        "stack " + shared.stack() + " exports no token for tenant " + config.tenant(),
                        "run pulumi up -s " + shared.stack() + ".",
                        Duration.ZERO)
                : new HopResult.Unknown(Hop.SHARED_TOKEN, shared.error(), Duration.ZERO);
    }

    private static String health(List<HopResult> results) {
        var failed = details(results, HopResult.Failed.class);
        var unknown = details(results, HopResult.Unknown.class);
        if (failed.isEmpty() && unknown.isEmpty()) {
            return "ok";
        }
        return failed.isEmpty() ? TenantStatus.UNKNOWN + String.join("; ", unknown) : String.join("; ", failed);
    }

    private static Collection<String> details(List<HopResult> results, Class<? extends HopResult> kind) {
        return results.stream()
                .filter(kind::isInstance)
                .map(result -> firstLine(result.detail()))
                .distinct()
                .toList();
    }

    /** The cause without its fix, which {@code verify} shows. */
    private static String firstLine(String text) {
        var line = text.lines().findFirst().orElse("").replaceFirst("\\. (Look|Try|Run|Fix)\\b.*", "");
        return line.length() > REASON_LIMIT ? line.substring(0, REASON_LIMIT) + "…" : line;
    }

    private SharedStatus sharedStatus(StackName stack) {
        var config = Optional.ofNullable(stacks.get(stack.stack()))
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast);
        return SharedStatus.read(stack.toString(), config, engine);
    }

    private Cluster cluster(ClusterConfig config) {
        return clusters.computeIfAbsent(config, key -> Cluster.open(key, checkout));
    }

    private Optional<Integer> models(ApiEndpoint api) {
        return new TokenCheck(caFile).check(api) instanceof TokenCheck.Result.Accepted accepted
                ? Optional.of(accepted.models())
                : Optional.empty();
    }

    @Override
    public void close() {
        clusters.values().forEach(Cluster::close);
    }
}
