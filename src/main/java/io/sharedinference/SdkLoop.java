package io.sharedinference;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Slows down the SDK's busy loop. From start to end of the program, it polls all tasks without a pause and occupies a core
 * that the engine and the plugin need. It logs each round, and a log filter can pause it there. If a later SDK changes that
 * log message, the pause has no effect.
 */
final class SdkLoop {

    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int PAUSES_PER_ROUND = 20; // a round with a thousand outputs takes 2 ms
    static final String ROUND = "Remaining tasks";

    // loggers without a strong reference are garbage-collected with their settings
    static final Logger LOG = Logger.getLogger("com.pulumi.deployment.internal.DeploymentImpl");

    private SdkLoop() {}

    /** Adds a pause to each round, and discards the SDK's log messages. */
    static void slowDown() {
        LOG.setLevel(Level.FINEST);
        LOG.setFilter(new Rounds());
    }

    private static final class Rounds implements Filter {

        private long resumed = System.nanoTime();

        @Override
        public synchronized boolean isLoggable(LogRecord message) {
            if (message.getMessage().startsWith(ROUND)) {
                long round = System.nanoTime() - resumed;
                LockSupport.parkNanos(Math.min(MAX_PAUSE_NANOS, Math.max(PAUSE_NANOS, PAUSES_PER_ROUND * round)));
                resumed = System.nanoTime();
            }
            return false;
        }
    }
}
