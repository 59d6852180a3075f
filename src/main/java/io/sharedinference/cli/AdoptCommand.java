package io.sharedinference.cli;

import io.sharedinference.tenants.Adoption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "adopt",
        description = {
            "Import an existing installation without changing what runs",
            "Reports what exists and what differs, and at the end what the next pulumi up would change."
        },
        footer = {"", "Examples:", "  ./tenant adopt tenant2"})
final class AdoptCommand extends LifecycleCommand {

    @Parameters(
            paramLabel = "NAME",
            description = "Stack of the tenant; its file describes the installation",
            completionCandidates = StackNames.class)
    private String name;

    @Override
    public Integer call() {
        options().stackNames().require(name);
        Adoption adoption = new Adoption(open(), name);
        adoption.report().forEach(err()::println);
        return confirm(
                name,
                "Import it into stack " + name + "? Running objects are not changed.",
                steps -> name + " was adopted. The next pulumi up would make these changes:\n" + adoption.run(steps));
    }
}
