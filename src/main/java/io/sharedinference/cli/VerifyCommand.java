package io.sharedinference.cli;

import io.sharedinference.engine.EngineException;
import io.sharedinference.release.Token;
import io.sharedinference.verify.Report;
import io.sharedinference.verify.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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
        name = "verify",
        description = {"Verify a tenant's API with a user's token, hop by hop", "Without NAME, verifies all tenants."},
        footer = {
            "",
            "The user's token is read from --token-file or the environment variable TENANT_USER_TOKEN; for all tenants,"
                    + " from the file NAME in --token-folder.",
            "",
            "Examples:",
            "  ./tenant verify tenant1 --token-file token.txt",
            "  ./tenant verify --token-folder tokens/"
        })
final class VerifyCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "Stack of the tenant",
            completionCandidates = StackNames.class)
    private Optional<String> name;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the user's token; - reads standard input")
    private Optional<String> tokenFile;

    @Option(
            names = "--token-folder",
            paramLabel = "DIR",
            description = "Directory with a user's token per tenant, in a file named like its stack")
    private Optional<Path> tokenFolder;

    @Mixin
    private TrustOption trust;

    @Mixin
    private ProjectOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean passed = name.map(stack -> one(stack, out)).orElseGet(() -> all(out));
        out.flush();
        return passed ? 0 : 1;
    }

    private boolean one(String stack, PrintWriter out) {
        Token user = UserToken.read(tokenFile, System.in, System.getenv());
        Stacks.Pair pair = new Stacks(options.engine()).of(stack, user);
        ReportWriter writer =
                options.json() ? new JsonReport(stack, out) : new TextReport(stack, out, Terminal.of(System.getenv()));
        Report report = Verification.run(pair.tenant(), pair.shared(), trust.cacert(), writer::step);
        writer.end(report);
        return report.passed();
    }

    private boolean all(PrintWriter out) {
        Path folder = tokenFolder.orElseThrow(
                () -> new CommandException(
                        "no user tokens are given.\nFix: name a tenant, or give --token-folder DIR with a file per tenant's stack."));
        Stacks stacks = new Stacks(options.engine());
        List<SideBySide.Column> columns = new ArrayList<>();
        for (String stack : options.files().tenants().keySet()) {
            columns.add(column(stacks, stack, folder.resolve(stack)));
        }
        SideBySide sideBySide = new SideBySide(columns);
        out.print(options.json() ? sideBySide.json() : sideBySide.text(Terminal.of(System.getenv())));
        return sideBySide.passed();
    }

    /** One tenant that can't be verified doesn't keep the others from it. */
    private SideBySide.Column column(Stacks stacks, String stack, Path tokenFile) {
        try {
            Token user = UserToken.read(Optional.of(tokenFile.toString()), System.in, System.getenv());
            Stacks.Pair pair = stacks.of(stack, user);
            Report report = Verification.run(pair.tenant(), pair.shared(), trust.cacert(), step -> {});
            return new SideBySide.Column(stack, Optional.of(report), Optional.empty());
        } catch (CommandException | EngineException e) {
            return new SideBySide.Column(stack, Optional.empty(), Optional.of(e.getMessage()));
        }
    }
}
