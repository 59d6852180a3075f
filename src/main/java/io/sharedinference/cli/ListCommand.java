package io.sharedinference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sharedinference.inventory.Inventory;
import io.sharedinference.inventory.TenantState;
import io.sharedinference.verify.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "List tenants with their location, versions and health",
        footer = {"", "Examples:", "  ./tenant list", "  ./tenant list --no-drift --json"})
final class ListCommand implements Callable<Integer> {

    @Option(names = "--no-drift", description = "Skip the drift check, which takes some seconds per tenant")
    private boolean noDrift;

    @Mixin
    private TrustOption trust;

    @Mixin
    private ProjectOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var stacks = options.files().readable();
        try (var inventory =
                new Inventory(stacks, options.checkout(), options.engine(), new Access(trust.cacert()), !noDrift)) {
            var tenants = inventory.tenants();
            spec.commandLine().getOut().print(options.json() ? json(tenants) : table(tenants));
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private static String table(List<TenantState> tenants) {
        var table = new Table(
                "TENANT", "STACK", "NAMESPACE", "CLUSTER", "CHART", "IMAGE", "MODELS", "HEALTH", "TOKEN AGE", "DRIFT");
        tenants.forEach(tenant -> table.row(
                tenant.tenant(),
                tenant.stack(),
                tenant.namespace(),
                tenant.cluster(),
                tenant.chart().orElse("?"),
                tenant.image().map(ListCommand::shortened).orElse("?"),
                tenant.models().map(String::valueOf).orElse("?"),
                tenant.health(),
                tenant.tokenDays().map(days -> days + " d").orElse("?"),
                tenant.drift().orElse("-")));
        return table.toString();
    }

    /** Without the registry, and with as much of a digest as tells it apart. */
    private static String shortened(String images) {
        var parts = new ArrayList<String>();
        for (var image : images.split(" ")) {
            parts.add(image.substring(image.lastIndexOf('/') + 1).replaceFirst("(@sha256:.{12}).*", "$1"));
        }
        return String.join(" ", parts);
    }

    private static String json(List<TenantState> tenants) {
        var json = new ObjectMapper().createObjectNode();
        var array = json.putArray("tenants");
        tenants.forEach(tenant -> {
            var object = array.addObject()
                    .put("tenant", tenant.tenant())
                    .put("stack", tenant.stack())
                    .put("namespace", tenant.namespace())
                    .put("cluster", tenant.cluster())
                    .put("chart", tenant.chart().orElse(null))
                    .put("image", tenant.image().orElse(null))
                    .put("models", tenant.models().orElse(null))
                    .put("health", tenant.health())
                    .put("tokenDays", tenant.tokenDays().orElse(null));
            tenant.drift().ifPresent(drift -> object.put("drift", drift));
        });
        return json.toPrettyString() + System.lineSeparator();
    }
}
