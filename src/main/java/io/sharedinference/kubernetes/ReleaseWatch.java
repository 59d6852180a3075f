package io.sharedinference.kubernetes;

import com.pulumi.Context;
import com.pulumi.core.Output;
import com.pulumi.core.internal.Internal;
import com.pulumi.deployment.Deployment;
import io.sharedinference.project.InstallationConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reports why a release does not become ready. Helm only reports "context deadline exceeded" and, being atomic, deletes the
 * pods.
 */
public final class ReleaseWatch {

    private static final int POLL_SECONDS = 5;

    private final Context ctx;
    private final InstallationConfig config;
    private final Path checkout;
    private final Set<UnreadyPod> reported = new HashSet<>();

    private ReleaseWatch(Context ctx, InstallationConfig config, Path checkout) {
        this.ctx = ctx;
        this.config = config;
        this.checkout = checkout;
    }

    /**
     * Logs warnings about failing pods during an {@code up} until the release is deployed. Ignores failed requests.
     *
     * @param status status of the release
     */
    public static void start(Context ctx, InstallationConfig config, Path checkout, Output<?> status) {
        if (Deployment.getInstance().isDryRun()) {
            return;
        }
        var deployed = Internal.of(status).getDataAsync();
        var thread = new Thread(() -> new ReleaseWatch(ctx, config, checkout).until(deployed), "release watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void until(CompletableFuture<?> deployed) {
        while (!isDone(deployed)) {
            try (var cluster = Cluster.open(config.cluster(), checkout)) {
                cluster.unreadyPods(config.namespace()).stream()
                        .filter(pod -> reported.add(pod.withLog("")))
                        .forEach(pod -> ctx.log().warn("%s", pod.description()));
            } catch (ClusterException e) {
                return; // Helm reports the same failure
            }
        }
    }

    private static boolean isDone(CompletableFuture<?> deployed) {
        try {
            deployed.get(POLL_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
