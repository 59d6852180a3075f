package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.sharedinference.secrets.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A pod that fails to become ready.
 *
 * @param pod    as {@code namespace/name}
 * @param log    last line of the container's log; blank if empty
 * @param reason Kubernetes' reason, for example {@code ImagePullBackOff}
 */
record UnreadyPod(String pod, String container, String reason, String message, String log) {

    private static final int MAX_LOG_LINE = 300;

    private static final Duration STARTUP_TIME = Duration.ofSeconds(60);
    private static final Set<String> TRANSIENT = Set.of("ContainerCreating", "PodInitializing", "Completed");

    /** @param warning returns the latest event of type Warning of a pod */
    static List<UnreadyPod> of(Pod pod, Function<String, Optional<String>> warning) {
        var unscheduled = conditions(pod)
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .map(condition -> unready(pod, "", condition.getReason(), condition.getMessage()));
        return Stream.concat(unscheduled, containers(pod).flatMap(container -> container(pod, container, warning)))
                .toList();
    }

    /** Masks a line that seems to contain a secret. */
    UnreadyPod withLog(String line) {
        var masked = Redaction.of(List.of()).apply(line.strip());
        var cut = masked.length() > MAX_LOG_LINE ? masked.substring(0, MAX_LOG_LINE) + "…" : masked;
        return new UnreadyPod(pod, container, reason, message, cut);
    }

    String description() {
        return "pod " + pod + " is not ready: " + (container.isBlank() ? "" : "container " + container + ": ") + reason
                + (message.isBlank() ? "" : ": " + message)
                + (log.isBlank() ? "" : "; its last log line: " + log)
                + (container.equals(ProxyPod.CONTAINER)
                        ? ". docs/proxy-in-your-chart.md lists what the proxy needs"
                        : "");
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
                    .filter(unready -> !TRANSIENT.contains(unready.reason()));
        }
        var running = state(container).map(ContainerState::getRunning);
        var failing = running.isPresent()
                && !container.getReady()
                && Instant.parse(running.get().getStartedAt())
                        .plus(STARTUP_TIME)
                        .isBefore(Instant.now());
        return failing
                ? Stream.of(unready(
                        pod,
                        container.getName(),
                        "not ready " + STARTUP_TIME.toSeconds() + " s after the start",
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
                Optional.ofNullable(message).orElse(""),
                "");
    }
}
