package io.sharedinference.tenants;

import io.sharedinference.concurrency.Poll;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.HelmRelease;
import io.sharedinference.project.InstallationConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A pending Helm operation, which blocks all other changes of its release. It may be in progress, or its process may have been
 * killed: a provider survives its engine for up to its timeout, and other Helm clients may take any time.
 *
 * @param discard whether to delete its record without waiting
 */
record PendingOperation(Cluster cluster, InstallationConfig at, boolean discard) {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration LONGEST_DELAY = Duration.ofHours(1); // its record is deleted much earlier
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    /**
     * Waits for the operation to end, and deletes its record if its process has certainly exited.
     *
     * @return whether an operation was pending
     * @throws LifecycleException if another Helm client started it
     */
    boolean await(Consumer<String> listener) {
        var found = pending().isPresent();
        Poll.within(at.timeout().plus(LONGEST_DELAY), INTERVAL)
                .await(
                        () -> pending().filter(release -> !deleted(release)),
                        release -> listener.accept(waiting(release)),
                        release -> new LifecycleException(name(release) + " is still " + release.status()
                                + ": other operations were started meanwhile.\nFix: run the same command again."));
        return found;
    }

    private boolean deleted(HelmRelease release) {
        if (discard || abandoned(release)) {
            cluster.deleteRevision(release);
            return true;
        }
        return false;
    }

    private Optional<HelmRelease> pending() {
        return cluster.release(at.namespace(), at.releaseName()).filter(HelmRelease::pending);
    }

    private boolean abandoned(HelmRelease release) {
        return release.abandonedAt(at.timeout())
                .orElseThrow(() -> new LifecycleException(
                        name(release) + " cannot be changed: a Helm operation is " + release.status() + " since "
                                + CLOCK.format(release.modified()) + ", by " + release.manager()
                                + ".\nFix: wait until it has ended, then run the same command again; if its process was killed,"
                                + " add --discard-pending."))
                .isBefore(Instant.now());
    }

    private String waiting(HelmRelease release) {
        return name(release) + " is " + release.status() + "; waiting until "
                + release.abandonedAt(at.timeout()).map(CLOCK::format).orElse("it ends")
                + " at the latest (--discard-pending skips this)";
    }

    private static String name(HelmRelease release) {
        return "release " + release.namespace() + "/" + release.name();
    }
}
