package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.project.TenantConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A tenant's proxies, and the tokens that they send. */
final class Proxies {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration POLL = Duration.ofMillis(300);

    private final Cluster cluster;
    private final TenantConfig config;

    Proxies(Cluster cluster, TenantConfig config) {
        this.cluster = cluster;
        this.config = config;
    }

    /** Waits until each of them sends the token with this fingerprint; a kubelet hands on a changed Secret within a minute or two. */
    String await(String fingerprint, Consumer<String> listener) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<ProxyPod> others = others(fingerprint);
        others.forEach(pod -> cluster.triggerSecretSync(pod, fingerprint));
        while (!others.isEmpty() || pods().isEmpty()) {
            listener.accept("waiting for " + names(others));
            if (System.nanoTime() > deadline) {
                throw new LifecycleException("these proxies don't send the token " + fingerprint + " after "
                        + PATIENCE.toMinutes() + " minutes: " + names(others)
                        + ". Look at their logs and at /metrics on"
                        + " their ops port, then run the same command again; until then nothing is taken away.");
            }
            Pause.of(POLL);
            others = others(fingerprint);
        }
        return pods().size() + " proxies";
    }

    private List<ProxyPod> others(String fingerprint) {
        return pods().stream()
                .filter(pod ->
                        cluster.fingerprint(pod).filter(fingerprint::equals).isEmpty())
                .toList();
    }

    private List<ProxyPod> pods() {
        return cluster.proxyPods(
                config.installation().namespace(), config.networkPolicy().proxyPodLabels());
    }

    private static String names(List<ProxyPod> pods) {
        return pods.isEmpty()
                ? "pods of the proxy"
                : String.join(", ", pods.stream().map(ProxyPod::name).toList());
    }
}
