package io.sharedinference.concurrency;

/** The thread was interrupted while it waited. */
public final class InterruptedWaitException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InterruptedWaitException(InterruptedException cause) {
        super("interrupted.\nFix: run the same command again to continue.", cause);
    }
}
