package io.sharedinference.tenants;

import java.time.Duration;

/** Between two looks at something that takes its time. */
final class Pause {

    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("interrupted. Run the same command again: it goes on where this one ended.");
        }
    }
}
