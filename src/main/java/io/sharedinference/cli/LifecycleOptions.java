package io.sharedinference.cli;

import io.sharedinference.tenants.Project;
import io.sharedinference.verify.TokenCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that changes tenants. */
final class LifecycleOptions {

    @Mixin
    private ProjectOptions project;

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

    ProjectOptions project() {
        return project;
    }

    Project open() {
        return new Project(
                project.files(),
                project.workspace(),
                project.engine(),
                new TokenCheck(cacert.cacert()),
                discardPending);
    }

    StepReporter steps(PrintWriter out) {
        return new StepReporter(out, Terminal.current(), project.json(), project.interrupts());
    }

    boolean asks() {
        return !yes;
    }

    /** Whether the user confirms the question, or passed {@code --yes}. */
    boolean confirmed(PrintWriter err, String question) {
        if (yes) {
            return true;
        }
        err.print(question + " [y/N] ");
        err.flush();
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

    KnownNames stackNames() {
        return project.stackNames();
    }

    /** Stacks, tenants whose stack is in another project, and others. */
    KnownNames tenantNames(List<String> others) {
        var names = new TreeSet<>(project.stackNames().known());
        names.addAll(project.files().handoverTenants().values());
        names.addAll(others);
        return new KnownNames(names, "tenant %s not found in " + project.project());
    }
}
