package io.sharedinference.tenants;

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
 * A Helm operation that is under way, or whose maker was killed: its record keeps Helm from every other change. A provider
 * outlives its killed engine by up to its timeout, and may yet end what it was at; somebody else's helm may take any time.
 *
 * @param discard whether the user said that nobody is at it
 */
record PendingOperation(Cluster cluster, InstallationConfig at, boolean discard) {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    /**
     * Waits for its end, and removes the record of one whose maker is known to be gone.
     *
     * @return whether there was one
     * @throws LifecycleException if it is somebody else's
     */
    boolean ended(Consumer<String> listener) {
        var found = pending();
        for (var release = found; release.isPresent(); release = pending()) {
            if (discard || abandoned(release.get())) {
                cluster.deleteRevision(release.get());
                return true;
            }
            listener.accept(waiting(release.get()));
            Pause.of(POLL);
        }
        return found.isPresent();
    }

    private Optional<HelmRelease> pending() {
        return cluster.release(at.namespace(), at.releaseName()).filter(HelmRelease::pending);
    }

    private boolean abandoned(HelmRelease release) {
        return release.abandonedAt(at.timeout())
                .orElseThrow(() -> new LifecycleException(name(release) + " is " + release.status() + " since "
                        + CLOCK.format(release.modified()) + ", by " + release.manager()
                        + ".\nFix: wait for that helm command to end and run this again; if it was killed, add"
                        + " --discard-pending."))
                .isBefore(Instant.now());
    }

    private String waiting(HelmRelease release) {
        return name(release) + " is " + release.status() + "; waiting until "
                + release.abandonedAt(at.timeout()).map(CLOCK::format).orElse("its end")
                + " at the latest (--discard-pending doesn't)";
    }

    private static String name(HelmRelease release) {
        return "release " + release.namespace() + "/" + release.name();
    }
}
