package io.sharedinference;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The SDK asks all of a program's tasks whether they are done, over and over without a pause: a core is busy with that from
 * the first line until the last resource is there, while the engine, the plugin and perhaps the cluster want it. Each round
 * is told to the SDK's log, which is where it can be made to wait. Should that text change, all is as it was without.
 */
final class SdkLoop {

    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int PAUSES_PER_ROUND =
            20; // with a thousand outputs a round lists as many tasks, and takes 2 ms
    static final String ROUND = "Remaining tasks";

    // held here, since loggers that nobody holds are forgotten with their settings
    static final Logger LOG = Logger.getLogger("com.pulumi.deployment.internal.DeploymentImpl");

    private SdkLoop() {}

    /** From now on each round is followed by a pause, and nothing of what the SDK tells its log is kept. */
    static void slowDown() {
        LOG.setLevel(Level.FINEST);
        LOG.setFilter(new Rounds());
    }

    private static final class Rounds implements Filter {

        private long resumed = System.nanoTime();

        @Override
        public synchronized boolean isLoggable(LogRecord said) {
            if (said.getMessage().startsWith(ROUND)) {
                long round = System.nanoTime() - resumed;
                LockSupport.parkNanos(Math.min(LONGEST_PAUSE_NANOS, Math.max(PAUSE_NANOS, PAUSES_PER_ROUND * round)));
                resumed = System.nanoTime();
            }
            return false;
        }
    }
}
