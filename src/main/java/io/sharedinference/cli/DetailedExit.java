package io.sharedinference.cli;

import picocli.CommandLine.Option;

/** What commands understand that show changes or drift. */
final class DetailedExit {

    @Option(names = "--detailed-exitcode", description = "Exit with 3 if there are changes or drift.")
    private boolean detailed;

    /** @param changes whether there are any */
    int code(boolean changes) {
        return detailed && changes ? Exit.CHANGES : Exit.DONE;
    }
}
