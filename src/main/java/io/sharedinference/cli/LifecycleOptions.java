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

/** What every command that changes tenants understands. */
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
                "Delete the record of a pending Helm operation without waiting for it.",
                "Use only if nobody is working on the release."
            })
    private boolean discardPending;

    @Mixin
    private TrustOption trust;

    ProjectOptions project() {
        return project;
    }

    Project open() {
        return new Project(
                project.files(), project.workspace(), project.engine(), new TokenCheck(trust.cacert()), discardPending);
    }

    Steps steps(PrintWriter out) {
        return new Steps(out, Terminal.of(System.getenv()), project.json(), project.interruption());
    }

    boolean asks() {
        return !yes;
    }

    /** Whether the user said yes, or did with {@code --yes}. */
    boolean agreed(PrintWriter err, String question) {
        if (yes) {
            return true;
        }
        err.print(question + " [y/N] ");
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            if (answer == null) {
                throw new CommandException(
                        "confirmation is required, and standard input is closed.\nFix: give --yes to skip confirmation prompts.");
            }
            return answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Names stackNames() {
        return project.stackNames();
    }

    /** Stacks, tenants whose own stack is in another project, and others. */
    Names tenantNames(List<String> others) {
        var names = new TreeSet<>(project.stackNames().known());
        names.addAll(project.files().handoverTenants().values());
        names.addAll(others);
        return new Names(names, "there is no tenant %s in " + project.project());
    }
}
