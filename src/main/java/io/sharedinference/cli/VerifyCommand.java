package io.sharedinference.cli;

import io.sharedinference.release.Token;
import io.sharedinference.verify.Report;
import io.sharedinference.verify.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description =
                "Calls a tenant's API as one of its users and tells, hop by hop, whether the shared inference answers.",
        footer = {"", "The user's token is read from --token-file or from the environment's TENANT_USER_TOKEN."})
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The tenant's stack.")
    private String name;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the user's token; - is standard input.")
    private Optional<String> tokenFile;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "CA certificates to trust besides the JDK's, in PEM.")
    private Optional<Path> cacert;

    // set by the launcher
    @Option(
            names = "--cwd",
            paramLabel = "DIR",
            defaultValue = "${env:TENANT_CHECKOUT:-.}",
            description = "Where Pulumi.yaml is (default: the checkout).")
    private Path project;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Tells how to use this.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Token user = UserToken.read(tokenFile, System.in, System.getenv());
        PrintWriter out = spec.commandLine().getOut();
        Stacks.Pair pair = Stacks.in(project).of(name, user);
        ReportWriter writer = json ? new JsonReport(name, out) : new TextReport(name, out, TextReport.isTerminal());
        Report report = Verification.run(pair.tenant(), pair.shared(), cacert, writer::step);
        writer.end(report);
        out.flush();
        return report.passed() ? 0 : 1;
    }
}
