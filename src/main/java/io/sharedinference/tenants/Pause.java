package io.sharedinference.tenants;

import java.time.Duration;

/** Waits between two polls. */
final class Pause {

    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("interrupted.\nFix: run the same command again to continue.");
        }
    }
}
