package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.concurrency.Parallel;
import io.sharedinference.html.StatusPage;
import io.sharedinference.review.Previews;
import io.sharedinference.tenants.Inventory;
import io.sharedinference.tenants.TenantStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "List tenants with their location, versions and health",
        footer = {
            "",
            "Examples:",
            "  ./tenant list",
            "  ./tenant list --no-drift --json",
            "  ./tenant list --html status.html"
        })
final class ListCommand extends ProjectCommand {

    private static final int CONCURRENCY = 16; // mostly waits for responses
    private static final List<String> OPTIONAL_COLUMNS =
            List.of("IMAGE", "CHART", "MODELS", "NAMESPACE", "STACK", "CLUSTER", "TOKEN AGE", "DRIFT");

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Stacks of the tenants (default: all)",
            completionCandidates = StackNames.class)
    private List<String> names = List.of();

    @Option(names = "--no-drift", description = "Skip the drift check, which takes some seconds per tenant")
    private boolean noDrift;

    @Mixin
    private DetailedExitCode exit;

    @Mixin
    private CacertOption cacert;

    @Mixin
    private HtmlOption html;

    @Override
    public Integer call() {
        if (html.isPresent() && options().json()) {
            throw usageError("specify either --json or --html");
        }
        var out = out();
        names.forEach(options().stackNames()::require);
        var engine = options().engine();
        try (var inventory = new Inventory(options().files(), options().checkout(), engine, cacert.cacert())) {
            var stacks = names.isEmpty() ? inventory.tenantStacks() : names;
            var drift = drift(new DriftCheck(options(), new Previews(engine, System.getenv())));
            List<TenantStatus> tenants;
            try (var progress = ProgressLine.of(out, options().interactive(), stacks.size(), "tenants checked")) {
                tenants = new Parallel(CONCURRENCY, progress).map(stacks, stack -> inventory.status(stack, drift));
            }
            html.write(
                    () -> StatusPage.of(tenants, Instant.now()),
                    () -> options().json()
                            ? json(tenants)
                            : table(tenants, Terminal.current().width()),
                    out);
            return exit.code(
                    tenants.stream().flatMap(tenant -> tenant.drift().stream()).anyMatch(TenantStatus.Drift::found));
        }
    }

    /** Drift checks are limited to one per processor. */
    private Optional<Function<String, TenantStatus.Drift>> drift(DriftCheck check) {
        var processors = new Semaphore(Runtime.getRuntime().availableProcessors());
        return noDrift
                ? Optional.empty()
                : Optional.of(stack -> {
                    processors.acquireUninterruptibly();
                    try {
                        return check.summary(stack);
                    } finally {
                        processors.release();
                    }
                });
    }

    static String table(List<TenantStatus> tenants, int width) {
        var table = new Table(
                "TENANT", "STACK", "NAMESPACE", "CLUSTER", "CHART", "IMAGE", "MODELS", "HEALTH", "TOKEN AGE", "DRIFT");
        tenants.forEach(tenant -> table.row(
                tenant.tenant(),
                tenant.stack(),
                tenant.namespace().orElse("?"),
                tenant.cluster().orElse("?"),
                tenant.chart().orElse("?"),
                tenant.shortImage().orElse("?"),
                tenant.models().map(String::valueOf).orElse("?"),
                tenant.health(),
                tenant.tokenDays().map(days -> days + " d").orElse("?"),
                tenant.drift().map(TenantStatus.Drift::summary).orElse("-")));
        return table.fitted(width, OPTIONAL_COLUMNS, "--json prints all columns.");
    }

    private static String json(List<TenantStatus> tenants) {
        var json = new ObjectMapper().createObjectNode();
        var array = json.putArray("tenants");
        tenants.forEach(tenant -> {
            var object = array.addObject()
                    .put("tenant", tenant.tenant())
                    .put("stack", tenant.stack())
                    .put("namespace", tenant.namespace().orElse(null))
                    .put("cluster", tenant.cluster().orElse(null))
                    .put("chart", tenant.chart().orElse(null))
                    .put("image", tenant.image().orElse(null))
                    .put("models", tenant.models().orElse(null))
                    .put("health", tenant.health())
                    .put("tokenDays", tenant.tokenDays().orElse(null));
            tenant.drift().ifPresent(drift -> object.put("drift", drift.summary()));
        });
        return json.toPrettyString() + System.lineSeparator();
    }
}
