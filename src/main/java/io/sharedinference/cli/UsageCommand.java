package io.sharedinference.cli;

import io.sharedinference.html.UsagePage;
import io.sharedinference.project.SharedConfig;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.usage.Dimension;
import io.sharedinference.usage.Period;
import io.sharedinference.usage.Prometheus;
import io.sharedinference.usage.Usage;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "usage",
        description = {
            "Report tokens and requests by tenant, model and user",
            "Reads them from the Prometheus server at prometheusUrl of the shared stack."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenant usage",
            "  ./tenant usage tenant1 --since 7d --by tenant,model",
            "  ./tenant usage --from 2026-11-01 --to 2026-11-30 --csv",
            "  ./tenant usage --by user --json",
            "  ./tenant usage --since 90d --html usage.html"
        })
final class UsageCommand extends ProjectCommand {

    @Parameters(
            paramLabel = "TENANT",
            arity = "0..*",
            description = "Tenants, by name or stack (default: all)",
            completionCandidates = StackNames.class)
    private List<String> names = List.of();

    @Option(
            names = "--since",
            paramLabel = "LENGTH",
            description = "Length of the period that ends now, in days, hours or minutes: 30d (default), 12h, 45m")
    private Optional<String> since;

    @Option(names = "--from", paramLabel = "DATE", description = "First day of the period, in UTC")
    private Optional<LocalDate> from;

    @Option(names = "--to", paramLabel = "DATE", description = "Last day of the period, in UTC (default: today)")
    private Optional<LocalDate> to;

    @Option(
            names = "--by",
            split = ",",
            converter = DimensionConverter.class,
            paramLabel = "NAME",
            description = "One row for each of ${COMPLETION-CANDIDATES}, or several with commas (default: tenant)")
    private List<Dimension> by = List.of(Dimension.TENANT);

    @Option(names = "--csv", description = "Print CSV")
    private boolean csv;

    @Mixin
    private HtmlOption html;

    @Override
    public Integer call() {
        requireOneFormat();
        var period = period();
        options().stackNames(); // a project is required
        var shared = shared();
        var prometheus = new Prometheus(url(shared));
        var tenants = tenants(shared, prometheus, period);
        boolean byUser = by.contains(Dimension.USER);
        var usage = Usage.read(prometheus, period, tenants, byUser || html.isPresent());
        var report = usage.report(dimensions());
        if (byUser && report.rows().isEmpty()) {
            throw new CommandException("no tokens are counted by user between " + period.from() + " and " + period.to()
                    + ".\nFix: set USER_METRICS to true in proxyEnvironment of the tenants.");
        }
        var output = new UsageOutput(period, report);
        html.write(
                () -> UsagePage.of(usage),
                () -> options().json() ? output.json() : csv ? output.csv() : output.table(),
                out());
        return ExitCode.SUCCESS;
    }

    private void requireOneFormat() {
        if (Stream.of(csv, options().json(), html.isPresent())
                        .filter(present -> present)
                        .count()
                > 1) {
            throw usageError("specify one of --json, --csv and --html");
        }
    }

    /** Picocli itself would also accept the names of the constants. */
    static final class DimensionConverter implements ITypeConverter<Dimension> {
        @Override
        public Dimension convert(String value) {
            return Dimension.parse(value);
        }
    }

    /** Users of two tenants are different ones, even if they have the same name. */
    private List<Dimension> dimensions() {
        var distinct = by.stream().distinct().toList();
        return distinct.contains(Dimension.USER) && !distinct.contains(Dimension.TENANT)
                ? Stream.concat(Stream.of(Dimension.TENANT), distinct.stream()).toList()
                : distinct;
    }

    private Period period() {
        if (since.isPresent() && (from.isPresent() || to.isPresent())) {
            throw usageError("specify either --since or --from and --to");
        }
        if (to.isPresent() && from.isEmpty()) {
            throw usageError("--to requires --from");
        }
        var now = Instant.now();
        return from.map(this::days).orElseGet(() -> {
            var length = since.orElse("30d");
            return Period.since(length, now)
                    .orElseThrow(
                            () -> usageError("invalid value for --since: must be a length such as 30d, 12h or 45m"));
        });
    }

    private Period days(LocalDate first) {
        var last = to.orElseGet(() -> LocalDate.now(ZoneOffset.UTC));
        if (last.isBefore(first) || first.plusYears(2).isBefore(last)) {
            throw usageError("--to must be at or after --from, by two years at most");
        }
        return Period.days(first, last);
    }

    private List<SharedConfig> shared() {
        return options().files().validConfigs().values().stream()
                .filter(SharedConfig.class::isInstance)
                .map(SharedConfig.class::cast)
                .toList();
    }

    private URI url(List<SharedConfig> shared) {
        var urls = shared.stream()
                .flatMap(config -> config.prometheusUrl().stream())
                .distinct()
                .toList();
        if (urls.size() == 1) {
            return urls.get(0);
        }
        throw new CommandException(
                urls.isEmpty()
                        ? "no Prometheus server is configured: " + missing(shared)
                        : "this project has shared stacks with different Prometheus servers: " + urls
                                + ".\nFix: keep shared stacks in separate projects, and pass one with --cwd DIR.");
    }

    private String missing(List<SharedConfig> shared) {
        return shared.stream()
                .findFirst()
                .map(config -> config.installation().stack())
                .map(stack -> "Pulumi." + stack + ".yaml has no prometheusUrl.\nFix: pulumi config set prometheusUrl"
                        + " https://prometheus.example.com --stack " + stack)
                .orElseGet(
                        () -> "no valid stack file in " + options().project() + " has the role shared.\nFix: pass the"
                                + " project directory of the shared stack with --cwd DIR, and run ./tenant check.");
    }

    /** Names of tenants for names or stacks; a removed tenant is still known to Prometheus. */
    private List<String> tenants(List<SharedConfig> shared, Prometheus prometheus, Period period) {
        if (names.isEmpty()) {
            return List.of();
        }
        var stacks = options().files().tenants();
        var known = new TreeSet<>(stacks.keySet());
        shared.forEach(config -> known.addAll(config.tenants()));
        if (!known.containsAll(names)) {
            known.addAll(prometheus.labelValues("tenant", period));
        }
        var check = new KnownNames(known, "tenant %s not found: neither this project nor Prometheus has it");
        return names.stream()
                .map(check::require)
                .map(name -> Optional.ofNullable(stacks.get(name))
                        .map(TenantConfig::tenant)
                        .orElse(name))
                .distinct()
                .toList();
    }
}
