package io.sharedinference.cli;

/** Exit codes, the same for all commands. */
final class Exit {

    /** Nothing to do, or done. */
    static final int DONE = 0;

    static final int FAILED = 1;
    static final int NOT_CARRIED_OUT = 2;
    static final int CHANGES = 3;

    static final String TEXT = "Exit codes: 0 nothing to do or done, 1 a check failed, 2 could not be carried out,"
            + " 3 (with --detailed-exitcode) changes or drift.";

    private Exit() {}

    /** @param answered what the user said to the question whether to go on */
    static int of(boolean answered) {
        return answered ? DONE : NOT_CARRIED_OUT;
    }
}
