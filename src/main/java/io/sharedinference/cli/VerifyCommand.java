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
        description = {
            "Calls a tenant's API as one of its users and tells, hop by hop, whether the shared inference answers.",
            "Without NAME all tenants, side by side."
        },
        footer = {
            "",
            "The user's token is read from --token-file or from the environment's TENANT_USER_TOKEN; for all tenants"
                    + " from the file NAME in --token-folder."
        })
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The tenant's stack.")
    private Optional<String> name;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the user's token; - is standard input.")
    private Optional<String> tokenFile;

    @Option(
            names = "--token-folder",
            paramLabel = "FOLDER",
            description = "Holds a file for each tenant's stack, named like it, with a user's token.")
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
        Path folder = tokenFolder.orElseThrow(() -> new CommandException(
                "no users' tokens. Name a tenant, or give --token-folder FOLDER with a file per tenant's stack."));
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
