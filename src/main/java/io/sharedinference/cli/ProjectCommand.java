package io.sharedinference.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command on a project, with the options that all of them have. Returns an {@link ExitCode}. */
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

    /** Arguments that do not fit together. */
    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
