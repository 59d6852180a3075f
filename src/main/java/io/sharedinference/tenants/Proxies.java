package io.sharedinference.tenants;

import io.sharedinference.concurrency.Poll;
import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.kubernetes.ProxyPod;
import io.sharedinference.kubernetes.ProxyPods;
import io.sharedinference.project.Key;
import io.sharedinference.project.TenantConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A tenant's proxy pods and the tokens they use. */
final class Proxies {

    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Duration INTERVAL = Duration.ofMillis(300);

    private final TenantConfig config;
    private final ProxyPods pods;

    Proxies(Cluster cluster, TenantConfig config) {
        this.config = config;
        this.pods = cluster.proxyPods(
                config.installation().namespace(), config.networkPolicy().proxyPodLabels());
    }

    /** Waits until each pod uses the token with this fingerprint; kubelets sync a changed Secret within two minutes. */
    String await(String fingerprint, Consumer<String> listener) {
        List<ProxyPod> outdated = outdated(fingerprint);
        if (outdated.stream().anyMatch(pods::needsRestart)) {
            restart(listener);
        } else {
            outdated.forEach(pod -> pods.triggerSecretSync(pod, fingerprint));
        }
        Poll.within(TIMEOUT, INTERVAL)
                .await(
                        () -> Optional.of(outdated(fingerprint))
                                .filter(waiting ->
                                        !waiting.isEmpty() || pods.list().isEmpty()),
                        waiting -> listener.accept("waiting for " + names(waiting)),
                        waiting -> new LifecycleException("proxies do not use the token " + fingerprint + " after "
                                + TIMEOUT.toMinutes() + " minutes: " + reasons(waiting)
                                + ".\nFix: check their logs and /metrics on their ops port, then run the same command"
                                + " again; the old token works until then."));
        return pods.list().size() + " proxies";
    }

    /** Restarts proxies that read their token only at startup, and waits until the earlier pods have terminated. */
    String restart(Consumer<String> listener) {
        var namespace = config.installation().namespace();
        var names = pods.restart();
        if (names.isEmpty()) {
            throw new LifecycleException("the proxy was not restarted: no Deployment in namespace " + namespace
                    + " has pods with the labels " + config.networkPolicy().proxyPodLabels()
                    + ". The old token works until then.\nFix: set "
                    + config.installation().key(Key.PROXY_POD_LABELS)
                    + " to the labels of the proxy's pods, then run the same command again.");
        }
        awaitRollout(listener);
        return String.join(", ", names);
    }

    /** Waits until every pod is one of the newest, and ready. */
    void awaitRollout(Consumer<String> listener) {
        var namespace = config.installation().namespace();
        Poll.within(TIMEOUT, INTERVAL)
                .await(
                        pods::pendingRestart,
                        pending -> listener.accept("waiting for " + pending),
                        pending -> new LifecycleException("the proxies are not ready after " + TIMEOUT.toMinutes()
                                + " minutes: " + pending + ".\nFix: look at kubectl get pods --namespace " + namespace
                                + ", then run the same command again; the old token works until then."));
    }

    /** The pods; those that are not ready with the reason. */
    String reasons(List<ProxyPod> waiting) {
        return waiting.isEmpty()
                ? names(waiting)
                : waiting.stream()
                        .map(pod -> Optional.of(pod)
                                .filter(one -> !one.ready())
                                .flatMap(pods::unreadyReason)
                                .orElse(pod.name()))
                        .collect(Collectors.joining(", "));
    }

    private List<ProxyPod> outdated(String fingerprint) {
        return pods.list().stream()
                .filter(pod -> pods.fingerprint(pod).filter(fingerprint::equals).isEmpty())
                .toList();
    }

    private static String names(List<ProxyPod> pods) {
        return pods.isEmpty()
                ? "proxy pods to start"
                : String.join(", ", pods.stream().map(ProxyPod::name).toList());
    }
}
