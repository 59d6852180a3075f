package io.sharedinference.cli;

import picocli.CommandLine.Option;

/** The option of commands that report changes or drift. */
final class DetailedExitCode {

    @Option(names = "--detailed-exitcode", description = "Exit with 3 if there are changes or drift")
    private boolean detailed;

    /** @param changes whether changes or drift exist */
    int code(boolean changes) {
        return detailed && changes ? ExitCode.CHANGES : ExitCode.SUCCESS;
    }
}
