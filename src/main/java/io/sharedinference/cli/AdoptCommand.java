package io.sharedinference.cli;

import io.sharedinference.tenants.Adoption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "adopt",
        description = {
            "Import an existing installation without changing what runs",
            "Reports what exists and what differs, and at the end what the next pulumi up would change."
        },
        footer = {"", "Examples:", "  ./tenant adopt tenant2"})
final class AdoptCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            description = "Stack of the tenant; its file describes the installation",
            completionCandidates = StackNames.class)
    private String name;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        options.stackNames().require(name);
        Adoption adoption = new Adoption(options.open(), name);
        var err = spec.commandLine().getErr();
        adoption.report().forEach(err::println);
        err.flush();
        StepReporter steps = options.steps(spec.commandLine().getOut());
        boolean confirmed =
                options.confirmed(err, "Import it into stack " + name + "? Running objects are not changed.");
        String next = confirmed ? adoption.run(steps) : "";
        steps.end(
                name,
                confirmed,
                confirmed
                        ? name + " was adopted. The next pulumi up would make these changes:\n" + next
                        : name + " was not adopted.");
        return ExitCode.of(confirmed);
    }
}
