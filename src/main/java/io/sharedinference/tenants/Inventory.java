package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.project.ClusterConfig;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.StackConfig;
import io.sharedinference.project.StackFiles;
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

/** Looks at every tenant of the project. Only reads. Thread-safe. For one run; close it afterwards. */
public final class Inventory implements AutoCloseable {

    private static final int ENOUGH = 160; // characters of a reason, in a table

    private final StackFiles files;
    private final Map<String, StackConfig> stacks;
    private final Path checkout;
    private final Engine engine;
    private final Optional<Path> caFile;
    private final Map<String, SharedState> shared = new ConcurrentHashMap<>();
    private final Map<ClusterConfig, Cluster> clusters = new ConcurrentHashMap<>();

    /**
     * @param checkout where relative paths in stack files begin
     * @param caFile      CA certificates to trust besides the JDK's, in PEM
     */
    public Inventory(StackFiles files, Path checkout, Engine engine, Optional<Path> caFile) {
        this.files = files;
        this.stacks = files.validConfigs();
        this.checkout = checkout;
        this.engine = engine;
        this.caFile = caFile;
    }

    /** The tenants' stacks, and those whose file can't be read, which may be a tenant's. */
    public List<String> rows() {
        return files.stacks().stream()
                .filter(stack -> !stacks.containsKey(stack) || stacks.get(stack) instanceof TenantConfig)
                .toList();
    }

    /** @param drift how to find out what is no longer as the last up left it; empty to leave that out */
    public TenantState state(String stack, Optional<Function<String, TenantState.Drift>> drift) {
        if (!(stacks.get(stack) instanceof TenantConfig config)) {
            return TenantState.unreadable(stack, mistake(stack).orElse("it is no tenant's stack"));
        }
        var installation = config.installation();
        var there = shared.computeIfAbsent(config.sharedStack(), this::sharedState);
        var asTenant = there.asTenant(config.tenant());
        var deployed = deployed(stack, asTenant).orElseThrow();
        return new TenantState(
                config.tenant(),
                stack,
                Optional.of(installation.namespace()),
                Optional.of(installation.cluster().context()),
                deployed.release().map(found -> found.chart() + " " + found.chartVersion()),
                Optional.of(deployed.pods().stream()
                                .map(ProxyPod::image)
                                .distinct()
                                .collect(Collectors.joining(" ")))
                        .filter(images -> !images.isEmpty()),
                asTenant.flatMap(this::models),
                health(results(config, there, asTenant, deployed)),
                there.tokenDays(config.tenant(), this::cluster),
                drift.map(finder -> finder.apply(stack)));
    }

    /** Why a stack's file says nothing; empty if it does. */
    public Optional<String> mistake(String stack) {
        var file = files.file(stack);
        return files.problems(stack).stream()
                .findFirst()
                .map(problem -> file.getFileName() + ": "
                        + firstLine(
                                problem.subject().equals(file.toString())
                                        ? problem.rule()
                                        : problem.subject() + " " + problem.rule()));
    }

    /** Empty when the file of the stack doesn't tell where it is. @param shared the shared API as the tenant calls it */
    public Optional<Deployed> deployed(String stack, Optional<ApiEndpoint> shared) {
        return Optional.ofNullable(stacks.get(stack))
                .filter(TenantConfig.class::isInstance)
                .map(TenantConfig.class::cast)
                .map(config -> Deployed.look(
                        () -> cluster(config.installation().cluster()), config, shared.map(ApiEndpoint::token)));
    }

    private List<HopResult> results(
            TenantConfig config, SharedState there, Optional<ApiEndpoint> asTenant, Deployed deployed) {
        var results = new ArrayList<>(deployed.results());
        asTenant.ifPresentOrElse(
                api -> results.addAll(Verification.runWithoutUser(
                                config.installation().stack(),
                                config.installation().inferenceApiUrl(),
                                api,
                                caFile,
                                result -> {})
                        .results()),
                () -> results.add(noToken(config, there)));
        return results;
    }

    private static HopResult noToken(TenantConfig config, SharedState there) {
        return there.trouble().isBlank()
                ? new HopResult.Failed(
                        Hop.SHARED_TOKEN,
                        "stack " + there.stack() + " has no token for tenant " + config.tenant(),
                        "Run pulumi up -s " + there.stack() + ".",
                        Duration.ZERO)
                : new HopResult.Unknown(Hop.SHARED_TOKEN, there.trouble(), Duration.ZERO);
    }

    private static String health(List<HopResult> results) {
        var failed = details(results, HopResult.Failed.class);
        var unknown = details(results, HopResult.Unknown.class);
        if (failed.isEmpty() && unknown.isEmpty()) {
            return "ok";
        }
        return failed.isEmpty() ? TenantState.UNKNOWN + String.join("; ", unknown) : String.join("; ", failed);
    }

    private static Collection<String> details(List<HopResult> results, Class<? extends HopResult> kind) {
        return results.stream()
                .filter(kind::isInstance)
                .map(result -> firstLine(result.detail()))
                .distinct()
                .toList();
    }

    /** Without what to do about it, which {@code verify} shows. */
    private static String firstLine(String text) {
        var line = text.lines().findFirst().orElse("").replaceFirst("\\. (Look|Try|Run|Fix)\\b.*", "");
        return line.length() > ENOUGH ? line.substring(0, ENOUGH) + "…" : line;
    }

    private SharedState sharedState(String stack) {
        var config = Optional.ofNullable(stacks.get(StackFiles.plainName(stack)))
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast);
        return SharedState.read(stack, config, engine);
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
