package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Pods of a namespace that fail to start or become ready. */
record UnreadyPods(KubernetesClient client, String namespace) {

    /** The pods, each with its newest warning and the last line of its log. */
    List<UnreadyPod> list() {
        var warnings = client.v1()
                .events()
                .inNamespace(namespace)
                .withField("type", "Warning")
                .list()
                .getItems();
        Function<String, Optional<String>> newest = pod -> warnings.stream()
                .filter(event -> pod.equals(event.getInvolvedObject().getName()))
                .max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
                .map(Event::getMessage);
        return client.pods().inNamespace(namespace).list().getItems().stream()
                .flatMap(pod -> UnreadyPod.of(pod, newest).stream())
                .map(unready -> unready.withLog(lastLogLine(unready)))
                .toList();
    }

    /** Empty if the container never ran or its log is not readable. */
    private String lastLogLine(UnreadyPod unready) {
        try {
            var pod = unready.pod().split("/", 2);
            var log = client.pods()
                    .inNamespace(pod[0])
                    .withName(pod[1])
                    .inContainer(unready.container())
                    .tailingLines(1)
                    .getLog();
            return Optional.ofNullable(log).orElse("");
        } catch (KubernetesClientException e) {
            return "";
        }
    }
}
