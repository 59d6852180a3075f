package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.sharedinference.project.Key;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod of an inference API proxy.
 *
 * @param image   image of the proxy's container, as in the pod's specification
 * @param opsPort port of {@code /metrics}
 * @param started start time of the proxy's container; empty if it is not running
 */
public record ProxyPod(String name, String image, boolean ready, int opsPort, Optional<Instant> started) {

    /** Name of its container in this project's charts. */
    static final String CONTAINER = "inference-api-proxy";

    /** Port of probes and metrics unless the pod names another one {@code ops}. */
    public static final int OPS_PORT = 8081;

    /** Name of that port in charts whose pods can be monitored. */
    public static final String OPS_PORT_NAME = "ops";

    /** @throws ClusterException if no container of the pod is recognizable as the proxy */
    static ProxyPod of(Pod pod) {
        var container = proxy(pod);
        var port = container.getPorts().stream()
                .filter(ProxyPod::isOps)
                .findFirst()
                .map(ContainerPort::getContainerPort)
                .orElse(OPS_PORT);
        var ready = pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
        return new ProxyPod(pod.getMetadata().getName(), container.getImage(), ready, port, started(pod, container));
    }

    private static Optional<Instant> started(Pod pod, Container container) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(container.getName()))
                .flatMap(status -> Optional.ofNullable(status.getState()).map(ContainerState::getRunning).stream())
                .map(running -> Instant.parse(running.getStartedAt()))
                .findFirst();
    }

    /** Finds the container by its name or its port's name, since there may be sidecars; a single container has any name. */
    private static Container proxy(Pod pod) {
        var containers = pod.getSpec().getContainers();
        return containers.stream()
                .filter(container -> container.getName().equals(CONTAINER))
                .findFirst()
                .or(() -> containers.stream()
                        .filter(container -> container.getPorts().stream().anyMatch(ProxyPod::isOps))
                        .findFirst())
                .or(() -> containers.stream()
                        .filter(container -> containers.size() == 1)
                        .findFirst())
                .orElseThrow(() -> new ClusterException(
                        "the pod " + pod.getMetadata().getNamespace() + "/"
                                + pod.getMetadata().getName() + " has no container named " + CONTAINER
                                + " or with a port named ops.",
                        "set " + Key.PROXY_POD_LABELS.key() + " to the labels of the proxy's pods."));
    }

    private static boolean isOps(ContainerPort port) {
        return OPS_PORT_NAME.equals(port.getName());
    }
}
