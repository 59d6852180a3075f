package io.sharedinference.cli;

import io.sharedinference.concurrency.Parallel;
import io.sharedinference.kubernetes.ClusterException;
import io.sharedinference.pulumi.EngineException;
import io.sharedinference.secrets.Token;
import io.sharedinference.tenants.InstallationStatus;
import io.sharedinference.tenants.Inventory;
import io.sharedinference.verify.ApiEndpoint;
import io.sharedinference.verify.HopResult;
import io.sharedinference.verify.Verification;
import io.sharedinference.verify.VerificationReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Verify a tenant's API with a user's token, hop by hop",
            "Without a user's token, checks everything except the models. Without NAME, verifies all tenants."
        },
        footer = {
            "",
            "The user's token is read from --token-file or the environment variable TENANT_USER_TOKEN; for all tenants,"
                    + " from the file NAME in --token-dir.",
            "",
            "Examples:",
            "  ./tenant verify tenant1 --token-file token.txt",
            "  ./tenant verify --token-dir tokens/"
        })
final class VerifyCommand extends ProjectCommand {

    private static final int CONCURRENCY = 16;

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
            names = "--token-dir",
            paramLabel = "DIR",
            description = "Directory with a user's token per tenant, in a file named like its stack")
    private Optional<Path> tokenDirectory;

    @Mixin
    private CacertOption cacert;

    @Override
    public Integer call() {
        PrintWriter out = out();
        var user = name.flatMap(stack -> UserToken.find(tokenFile, System.in, System.getenv()));
        name.ifPresent(options().stackNames()::require);
        var engine = options().engine();
        try (var inventory = new Inventory(options().files(), options().checkout(), engine, cacert.cacert())) {
            var tenants = new Tenants(new Stacks(engine), inventory);
            boolean passed = name.map(stack -> one(tenants, stack, user, out)).orElseGet(() -> all(tenants, out));
            out.flush();
            return passed ? ExitCode.SUCCESS : ExitCode.CHECK_FAILED;
        }
    }

    private boolean one(Tenants tenants, String stack, Optional<Token> user, PrintWriter out) {
        if (options().json()) {
            VerificationReport report = tenants.report(stack, user, cacert.cacert(), result -> {});
            print(ReportJson.of(stack, report));
            return report.passed();
        }
        var writer = new ReportWriter(stack, out, Terminal.current());
        VerificationReport report = tenants.report(stack, user, cacert.cacert(), writer::result);
        writer.end(report);
        if (user.isEmpty()) {
            out.println("Models were not verified: no user's token. To verify them, pass --token-file FILE or set "
                    + UserToken.VARIABLE + ".");
        }
        return report.passed();
    }

    private boolean all(Tenants tenants, PrintWriter out) {
        var stacks = tenants.inventory().tenantStacks();
        List<VerificationMatrix.Column> columns;
        try (var progress = ProgressLine.of(out, options().interactive(), stacks.size(), "tenants verified")) {
            columns = new Parallel(CONCURRENCY, progress).map(stacks, stack -> column(tenants, stack));
        }
        VerificationMatrix matrix = new VerificationMatrix(columns);
        out.print(
                options().json()
                        ? matrix.json()
                        : matrix.text(Terminal.current(), Terminal.current().width()));
        return matrix.passed();
    }

    /** A failure of one tenant does not affect the others. */
    private VerificationMatrix.Column column(Tenants tenants, String stack) {
        try {
            var user = tokenDirectory
                    .map(directory -> directory.resolve(stack).toString())
                    .map(file -> UserToken.read(file, System.in));
            var problem = tenants.inventory().problem(stack);
            return problem.isPresent()
                    ? new VerificationMatrix.Column(stack, Optional.empty(), problem)
                    : new VerificationMatrix.Column(
                            stack,
                            Optional.of(tenants.report(stack, user, cacert.cacert(), result -> {})),
                            Optional.empty());
        } catch (CommandException | EngineException | ClusterException e) {
            return new VerificationMatrix.Column(stack, Optional.empty(), Optional.ofNullable(e.getMessage()));
        }
    }

    private record Tenants(Stacks stacks, Inventory inventory) {

        /** Checks the installation in its cluster, then its API. */
        VerificationReport report(
                String stack, Optional<Token> user, Optional<Path> caFile, Consumer<HopResult> listener) {
            Stacks.Endpoints endpoints = stacks.of(stack);
            var installed = inventory
                    .installationStatus(stack, Optional.of(endpoints.shared()))
                    .map(InstallationStatus::results)
                    .orElse(List.of());
            installed.forEach(listener);
            VerificationReport api = user.map(token -> Verification.run(
                            new ApiEndpoint(stack, endpoints.tenant(), token), endpoints.shared(), caFile, listener))
                    .orElseGet(() -> Verification.runWithoutUser(
                            stack, endpoints.tenant(), endpoints.shared(), caFile, listener));
            return new VerificationReport(
                    Stream.concat(installed.stream(), api.results().stream()).toList());
        }
    }
}
