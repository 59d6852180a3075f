package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A pod that doesn't become ready by itself.
 *
 * @param pod    as {@code namespace/name}
 * @param reason as the field's words have it, {@code ImagePullBackOff} for instance
 */
record UnreadyPod(String pod, String container, String reason, String message) {

    private static final Duration STARTING = Duration.ofSeconds(60);
    private static final Set<String> ON_THE_WAY = Set.of("ContainerCreating", "PodInitializing", "Completed");

    /** @param warning the newest event of type Warning about a pod of this name */
    static List<UnreadyPod> of(Pod pod, Function<String, Optional<String>> warning) {
        var unscheduled = conditions(pod)
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .map(condition -> unready(pod, "", condition.getReason(), condition.getMessage()));
        return Stream.concat(unscheduled, containers(pod).flatMap(container -> container(pod, container, warning)))
                .toList();
    }

    String description() {
        return "pod " + pod + " isn't ready: " + (container.isBlank() ? "" : "container " + container + ": ") + reason
                + (message.isBlank() ? "" : ": " + message);
    }

    private static Stream<UnreadyPod> container(
            Pod pod, ContainerStatus container, Function<String, Optional<String>> warning) {
        var waiting = state(container).map(ContainerState::getWaiting);
        if (waiting.isPresent()) {
            return Stream.of(unready(
                            pod,
                            container.getName(),
                            waiting.get().getReason(),
                            waiting.get().getMessage()))
                    .filter(unready -> !ON_THE_WAY.contains(unready.reason()));
        }
        var running = state(container).map(ContainerState::getRunning);
        var probed = running.isPresent()
                && !container.getReady()
                && Instant.parse(running.get().getStartedAt()).plus(STARTING).isBefore(Instant.now());
        return probed
                ? Stream.of(unready(
                        pod,
                        container.getName(),
                        "not ready " + STARTING.toSeconds() + " s after its start",
                        warning.apply(pod.getMetadata().getName()).orElse("")))
                : Stream.empty();
    }

    private static Optional<ContainerState> state(ContainerStatus container) {
        return Optional.ofNullable(container.getState());
    }

    private static Stream<PodCondition> conditions(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).stream().flatMap(status -> status.getConditions().stream());
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).stream()
                .flatMap(status -> Stream.concat(
                        status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream()));
    }

    private static UnreadyPod unready(Pod pod, String container, String reason, String message) {
        return new UnreadyPod(
                pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName(),
                container,
                Optional.ofNullable(reason).orElse("waiting"),
                Optional.ofNullable(message).orElse(""));
    }
}
