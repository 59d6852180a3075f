package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Deployments whose pods have certain labels, restarted as {@code kubectl rollout restart} does it. */
final class Rollout {

    private final KubernetesClient client;
    private final String namespace;
    private final Map<String, String> labels;

    Rollout(KubernetesClient client, String namespace, Map<String, String> labels) {
        this.client = client;
        this.namespace = namespace;
        this.labels = labels;
    }

    /** @return the names of the Deployments; empty if none has such pods */
    List<String> restart() {
        var names = deployments().stream()
                .map(deployment -> deployment.getMetadata().getName())
                .toList();
        names.forEach(name -> client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), """
                        {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "%s"}}}}}""".formatted(Instant.now())));
        return names;
    }

    /** What differs from the newest pod template; empty if old pods have terminated and new ones are ready. */
    Optional<String> pending() {
        var unfinished = deployments().stream().flatMap(deployment -> pending(deployment).stream());
        return unfinished.findFirst().or(this::ending);
    }

    private static Optional<String> pending(Deployment deployment) {
        var name = deployment.getMetadata().getName();
        var wanted = Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(1);
        var status = deployment.getStatus();
        var observed = Optional.ofNullable(status.getObservedGeneration()).orElse(0L);
        int updated = number(status.getUpdatedReplicas());
        int available = number(status.getAvailableReplicas());
        boolean done = observed >= deployment.getMetadata().getGeneration()
                && updated == wanted
                && available == wanted
                && number(status.getReplicas()) == wanted;
        return done
                ? Optional.empty()
                : Optional.of("Deployment " + name + ": " + updated + " of " + wanted + " pods updated, " + available
                        + " available");
    }

    private static int number(@Nullable Integer replicas) {
        return Optional.ofNullable(replicas).orElse(0);
    }

    private Optional<String> ending() {
        long ending = client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .map(Pod::getMetadata)
                .filter(pod -> pod.getDeletionTimestamp() != null)
                .count();
        return Optional.of(ending + " earlier pods are terminating").filter(text -> ending > 0);
    }

    private List<Deployment> deployments() {
        return client.apps().deployments().inNamespace(namespace).list().getItems().stream()
                .filter(deployment -> Optional.ofNullable(
                                deployment.getSpec().getTemplate().getMetadata().getLabels())
                        .orElse(Map.of())
                        .entrySet()
                        .containsAll(labels.entrySet()))
                .toList();
    }
}
