package io.sharedinference.cli;

import io.sharedinference.tenants.Rotation;
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
            "Rotate a tenant's token without failed requests",
            "Confirms that the old token is revoked.",
            "To resume after an interruption, run it again."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenant rotate tenant2",
            "  ./tenant rotate tenant2 --token-file token.txt",
            "  ./tenant rotate tenant2 --proxy-fingerprint 0a1b2c3d4e5f"
        })
final class RotateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Stack of the tenant", completionCandidates = StackNames.class)
    private String name;

    @Option(
            names = "--proxy-fingerprint",
            paramLabel = "FINGERPRINT",
            description = {
                "Token fingerprint that the proxies report at /metrics, if the tenant's stack is in another project;",
                "the old token is revoked only if it is the fingerprint of the new one"
            })
    private Optional<String> proxyFingerprint;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "File with the token of a user of the tenant; - reads standard input.",
                "A request with it confirms the new token before the old one is revoked."
            })
    private Optional<String> tokenFile;

    @Mixin
    private LifecycleOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        options.tenantNames(List.of()).require(name);
        Rotation rotation = new Rotation(
                options.open(), name, proxyFingerprint, UserToken.find(tokenFile, System.in, System.getenv()));
        StepReporter steps = options.steps(spec.commandLine().getOut());
        boolean confirmed = options.confirmed(spec.commandLine().getErr(), "Rotate the token of tenant " + name + "?");
        if (confirmed) {
            rotation.run(steps);
        }
        steps.end(
                name, confirmed, confirmed ? name + " has a new token." : "The token of " + name + " was not rotated.");
        return ExitCode.of(confirmed);
    }
}
