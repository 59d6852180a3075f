package io.sharedinference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that works on the project's stacks. Returns an {@link ExitCode}. */
abstract class ProjectCommand implements Callable<Integer> {

    @Mixin
    private ProjectOptions options;

    @Spec
    private CommandSpec spec;

    final ProjectOptions options() {
        return options;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final void print(JsonNode json) {
        out().println(json.toPrettyString());
        out().flush();
    }

    /** Arguments that cannot be combined, or an invalid value. */
    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
