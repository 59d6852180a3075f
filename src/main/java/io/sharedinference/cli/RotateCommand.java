package io.sharedinference.cli;

import io.sharedinference.lifecycle.Rotation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "rotate",
        description = {
            "Gives a tenant a new token, with no request refused in between, and proves that the old one is refused.",
            "Run it again if it was cut off: it goes on."
        })
final class RotateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The tenant's stack.")
    private String name;

    @Option(
            names = "--taken-up",
            paramLabel = "FINGERPRINT",
            description = {
                "Where the tenant's own stack is in another project: the fingerprint that its proxies' /metrics tell.",
                "Only when it is the new token's is the old one taken away."
            })
    private Optional<String> takenUp;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        options.tenantNames(List.of()).require(name);
        Rotation rotation = new Rotation(options.place(), name, takenUp);
        Steps steps = options.steps(spec.commandLine().getOut());
        boolean agreed = options.agreed(spec.commandLine().getErr(), "Give the tenant " + name + " a new token?");
        if (agreed) {
            rotation.run(steps);
        }
        steps.end(name, agreed, agreed ? name + " has a new token." : name + " keeps its token.");
        return Exit.of(agreed);
    }
}
