package io.sharedinference.cli;

import io.sharedinference.engine.Engine;
import io.sharedinference.lifecycle.Removal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "remove",
        description = {
            "Removes a tenant: its installation, its service users and its stack; and proves that its token is refused.",
            "Run it again if it was cut off: it goes on."
        })
final class RemoveCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The tenant's stack.")
    private String name;

    @Option(
            names = "--shared-stack",
            paramLabel = "STACK",
            defaultValue = "shared",
            description = "Where it was listed, if its own file is gone already (default: ${DEFAULT-VALUE}).")
    private String sharedStack;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var place = options.place();
        requireKnown(name, options.tenantNames(place.files().listed(sharedStack)), place.engine());
        Removal removal = new Removal(place, name, sharedStack);
        Steps steps = options.steps(spec.commandLine().getOut());
        boolean agreed = options.agreed(
                spec.commandLine().getErr(),
                removal.own()
                        ? "Remove the tenant " + removal.tenant() + " with all that its installation holds?"
                        : "Take the token of " + removal.tenant()
                                + " away? Its stack is in another project, and stays.");
        if (agreed) {
            removal.run(steps);
        }
        steps.end(name, agreed, agreed ? name + " is removed." : name + " stays as it is.");
        return Exit.of(agreed);
    }

    /** A run that was cut off may have left a stack without a file, or a line in the shared stack's. */
    static void requireKnown(String name, Names inFiles, Engine engine) {
        if (!inFiles.known().contains(name) && !engine.stacks().contains(name)) {
            inFiles.require(name);
        }
    }
}
