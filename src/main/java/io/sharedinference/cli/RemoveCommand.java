package io.sharedinference.cli;

import io.sharedinference.pulumi.Engine;
import io.sharedinference.tenants.Removal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = {
            "Remove a tenant and confirm that its token is revoked",
            "Destroys its installation and deletes its service users, its stack and its file.",
            "To resume after an interruption, run it again."
        },
        footer = {"", "Examples:", "  ./tenant remove tenant2", "  ./tenant remove tenant2 --yes"})
final class RemoveCommand extends LifecycleCommand {

    @Parameters(paramLabel = "NAME", description = "Stack of the tenant", completionCandidates = StackNames.class)
    private String name;

    @Option(
            names = "--shared-stack",
            paramLabel = "STACK",
            defaultValue = "shared",
            description =
                    "Shared stack that lists the tenant, if its own file no longer exists (default: ${DEFAULT-VALUE})",
            completionCandidates = StackNames.class)
    private String sharedStack;

    @Override
    public Integer call() {
        var project = open();
        requireKnown(name, tenantNames(project.files().tenantsOf(sharedStack)), project.engine());
        Removal removal = new Removal(project, name, sharedStack);
        return confirm(
                name,
                removal.removesInstallation()
                        ? "Remove tenant " + removal.tenant() + " and delete its installation with all data?"
                        : "Revoke the token of " + removal.tenant() + "? Its stack is in another project and is kept.",
                steps -> {
                    removal.run(steps);
                    return name + " was removed.";
                });
    }

    /** An interrupted run may have left a stack without a file, or an entry in the shared stack's file. */
    static void requireKnown(String name, KnownNames inFiles, Engine engine) {
        if (!inFiles.known().contains(name) && !engine.stacks().contains(name)) {
            inFiles.require(name);
        }
    }
}
