package io.sharedinference.cli;

/** Exit codes, the same for all commands. */
final class ExitCode {

    /** Done, or nothing to do. */
    static final int SUCCESS = 0;

    static final int CHECK_FAILED = 1;
    static final int ERROR = 2;
    static final int CHANGES = 3;

    static final String TEXT = "Exit codes: 0 success or nothing to do, 1 a check failed, 2 an error or not confirmed,"
            + " 3 (with --detailed-exitcode) changes or drift.";

    private ExitCode() {}

    /** @param confirmed whether the user confirmed the command */
    static int of(boolean confirmed) {
        return confirmed ? SUCCESS : ERROR;
    }
}
