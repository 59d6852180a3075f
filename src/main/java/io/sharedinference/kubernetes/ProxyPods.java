package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods of a namespace with certain labels, which run the proxy. Thread-safe. */
public final class ProxyPods {

    private final Cluster cluster;
    private final KubernetesClient client;
    private final String namespace;
    private final Map<String, String> labels;

    ProxyPods(Cluster cluster, KubernetesClient client, String namespace, Map<String, String> labels) {
        this.cluster = cluster;
        this.client = client;
        this.namespace = namespace;
        this.labels = labels;
    }

    /** The pods, except terminating ones. */
    public List<ProxyPod> list() {
        return cluster
                .request(() -> client.pods()
                        .inNamespace(namespace)
                        .withLabels(labels)
                        .list()
                        .getItems())
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(ProxyPod::of)
                .toList();
    }

    /**
     * Restarts the Deployments of the pods, according to their strategy.
     *
     * @return their names; empty if no Deployment has such pods
     */
    public List<String> restart() {
        return cluster.request(() -> new Rollout(client, namespace, labels).restart());
    }

    /** What a restart is waiting for; empty if all pods are new and ready. */
    public Optional<String> pendingRestart() {
        return cluster.request(() -> new Rollout(client, namespace, labels).pending());
    }

    /** Why a pod is not ready, with the last line of its log; empty if its status has no reason. */
    public Optional<String> unreadyReason(ProxyPod pod) {
        return cluster.unreadyPods(namespace).stream()
                .filter(unready -> unready.pod().equals(namespace + "/" + pod.name()))
                .map(UnreadyPod::description)
                .findFirst();
    }

    /** Fingerprint of the token that a pod sends to the shared API; empty if the pod does not report it. */
    public Optional<String> fingerprint(ProxyPod pod) {
        return metrics(pod).fingerprint();
    }

    /** Whether a pod reports that it reads its token only at startup. */
    public boolean needsRestart(ProxyPod pod) {
        return metrics(pod).readsSecretAtStartup();
    }

    /** Metrics of a pod; empty while it is starting or terminating. */
    private ProxyMetrics metrics(ProxyPod pod) {
        var path = "/api/v1/namespaces/" + namespace + "/pods/" + pod.name() + ":" + pod.opsPort() + "/proxy/metrics";
        try {
            return new ProxyMetrics(Optional.ofNullable(client.raw(path)).orElse(""));
        } catch (KubernetesClientException e) {
            if (e.getCode() <= 0 || e.getCode() == 401 || e.getCode() == 403) {
                throw cluster.failure(e);
            }
            return new ProxyMetrics("");
        }
    }

    /** Annotates a pod, which makes the kubelet update mounted Secrets at once. Does nothing without permission. */
    public void triggerSecretSync(ProxyPod pod, String mark) {
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withName(pod.name())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), """
                            {"metadata": {"annotations": {"shared-inference/token": "%s"}}}""".formatted(mark));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403 && e.getCode() != 404) {
                throw cluster.failure(e);
            }
        }
    }
}
