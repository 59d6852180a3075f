package io.sharedinference.cli;

import io.sharedinference.tenants.Project;
import io.sharedinference.verify.TokenCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that changes tenants. */
abstract class LifecycleCommand extends ProjectCommand {

    @Option(
            names = {"-y", "--yes"},
            description = "Skip confirmation prompts")
    private boolean yes;

    @Option(
            names = "--discard-pending",
            description = {
                "Delete the record of a pending Helm operation without waiting for it;",
                "only if no Helm client is working on the release"
            })
    private boolean discardPending;

    @Mixin
    private CacertOption cacert;

    final Project open() {
        return new Project(
                options().files(),
                options().workspace(),
                options().engine(),
                new TokenCheck(cacert.cacert()),
                discardPending);
    }

    /** Runs the steps, which return the result to print, if the user confirms the question. */
    final int confirm(String tenant, String question, Function<StepReporter, String> steps) {
        StepReporter reporter = steps();
        boolean confirmed = confirmed(question);
        reporter.end(
                tenant, confirmed, confirmed ? steps.apply(reporter) : "Canceled: " + tenant + " was not changed.");
        return ExitCode.of(confirmed);
    }

    final StepReporter steps() {
        return new StepReporter(
                out(), Terminal.current(), options().json(), options().interrupts());
    }

    final boolean asks() {
        return !yes;
    }

    /** Whether the user confirms the question, or passed {@code --yes}. */
    final boolean confirmed(String question) {
        if (yes) {
            return true;
        }
        err().print(question + " [y/N] ");
        err().flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            if (answer == null) {
                throw new CommandException(
                        "confirmation is required: standard input is closed.\nFix: pass --yes to skip confirmation prompts.");
            }
            return answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stacks, tenants whose stack is in another project, and others. */
    final KnownNames tenantNames(List<String> others) {
        var names = new TreeSet<>(options().stackNames().known());
        names.addAll(options().files().handoverTenants().values());
        names.addAll(others);
        return new KnownNames(names, "tenant %s not found in " + options().project());
    }
}
