package io.sharedinference.cli;

import io.sharedinference.lifecycle.Addition;
import io.sharedinference.lifecycle.NewTenant;
import io.sharedinference.lifecycle.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "add",
        description = {
            "Adds a tenant: its stack's file, its service user, the stacks' up, and a look at whether it works.",
            "Each up is previewed, and asked for, before it happens. Run it again if it was cut off: it goes on."
        })
final class AddCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Names the tenant and its stack.")
    private String name;

    @Option(
            names = "--like",
            paramLabel = "STACK",
            description = "Takes settings over from this tenant's stack (default: the first tenant's).")
    private Optional<String> like;

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            description = "The tenant's domain (default: the other tenant's with the new name in it).")
    private Optional<String> domain;

    @Option(names = "--namespace", paramLabel = "NAME", description = "The tenant's namespace (default: its name).")
    private Optional<String> namespace;

    @Option(
            names = "--other-cluster",
            paramLabel = "CONTEXT",
            description = "The tenant lives in this context's cluster.")
    private Optional<String> otherCluster;

    @Option(
            names = "--handover",
            description = {
                "Gives the tenant a hand-over stack, for other people to administer it.",
                "So has every tenant that is like one with such a stack, or whose shared stack hands out no tokens."
            })
    private boolean handover;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any key of a tenant's stack file; lists and objects as JSON.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--secrets-provider",
            paramLabel = "URL",
            description = "Encrypts the stack's secrets, as pulumi stack init takes it (default: a passphrase).")
    private Optional<String> secretsProvider;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        like.ifPresent(options.stackNames()::require);
        Place place = options.place();
        Steps steps = options.steps(spec.commandLine().getOut());
        domain.ifPresent(value -> settings.put("domain", value));
        namespace.ifPresent(value -> settings.put("namespace", value));
        NewTenant tenant =
                new NewTenant(name, like.orElseGet(() -> firstTenant(place)), otherCluster, handover, settings);
        boolean done = new Addition(place, tenant, secretsProvider, this::agreed).run(steps, options.asks());
        steps.end(
                name,
                done,
                done
                        ? name + " is added."
                        : name + " isn't added: run it again to go on, or ./tenant remove " + name
                                + " to take it back.");
        return Exit.of(done);
    }

    private boolean agreed(String preview) {
        var err = spec.commandLine().getErr();
        err.println(preview);
        return options.agreed(err, "Do this?");
    }

    private String firstTenant(Place place) {
        return place.files().tenants().keySet().stream()
                .findFirst()
                .orElseThrow(() -> new CommandException("there is no tenant yet to take settings over from."
                        + " Edit Pulumi.tenant1.yaml for the first one, as README.md says."));
    }
}
