package io.sharedinference.cli;

import io.sharedinference.lifecycle.Adoption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "adopt",
        description = {
            "Takes a tenant's installation that was made by hand into its stack, and changes nothing that runs.",
            "Tells first what is there and what differs, and at the end what the next up would change."
        })
final class AdoptCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The tenant's stack; its file says how the installation is to be.")
    private String name;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        options.stackNames().require(name);
        Adoption adoption = new Adoption(options.place(), name);
        var err = spec.commandLine().getErr();
        adoption.report().forEach(err::println);
        err.flush();
        Steps steps = options.steps(spec.commandLine().getOut());
        boolean agreed = options.agreed(err, "Take it into the stack " + name + "? Nothing that runs is changed.");
        String next = agreed ? adoption.run(steps) : "";
        steps.end(
                name,
                agreed,
                agreed ? name + " is adopted. The next up would do this:\n" + next : name + " isn't adopted.");
        return Exit.of(agreed);
    }
}
