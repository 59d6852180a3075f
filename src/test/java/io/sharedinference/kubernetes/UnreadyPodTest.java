package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class UnreadyPodTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {waiting: {reason: ImagePullBackOff, message: Back-off pulling image x}} | container api: ImagePullBackOff: Back-off pulling image x
            {waiting: {reason: CrashLoopBackOff}}                                    | container api: CrashLoopBackOff
            {waiting: {reason: CreateContainerConfigError, message: no such secret}} | container api: CreateContainerConfigError: no such secret
            {waiting: {}}                                                            | container api: waiting
            """)
    void reportsReasonOfFailingContainer(String state, String reason) {
        assertEquals(List.of("pod blue/api-1 is not ready: " + reason), described(containers(state)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {waiting: {reason: ContainerCreating}}
            {waiting: {reason: PodInitializing}}
            {terminated: {exitCode: 0}}
            {}
            """)
    void ignoresStartingContainer(String state) {
        assertEquals(List.of(), described(containers(state)));
    }

    @Test
    void reportsLongUnreadyContainerWithLatestWarning() {
        assertEquals(
                List.of("pod blue/api-1 is not ready: container api: not ready 60 s after the start: probe failed"),
                described(containers("{running: {startedAt: \"2026-01-01T00:00:00Z\"}}")));
        assertEquals(List.of(), described(containers("{running: {startedAt: \"" + Instant.now() + "\"}}")));
    }

    @Test
    void reportsUnschedulablePod() {
        assertEquals(
                List.of("pod blue/api-1 is not ready: Unschedulable: 0/1 nodes are available"),
                described(
                        "conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/1 nodes are available}]"));
    }

    @Test
    void theLastLogLineOfAProxyIsShownMaskedWithThePageThatHelps() {
        var pod = new UnreadyPod("blue/p-1", "inference-api-proxy", "CrashLoopBackOff", "", "");
        assertEquals(
                "pod blue/p-1 is not ready: container inference-api-proxy: CrashLoopBackOff; its last log line: IAM_URL=x"
                        + " must be a URL, Authorization: Bearer ***. docs/proxy-in-your-chart.md lists what the proxy needs",
                pod.withLog("IAM_URL=x must be a URL, Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345\n")
                        .description());
    }

    private static String containers(String state) {
        return "containerStatuses: [{name: api, ready: false, state: " + state + "}]";
    }

    private static List<String> described(String status) {
        var pod = new ObjectMapper()
                .convertValue(
                        new Yaml()
                                .<Object>load(
                                        "{apiVersion: v1, kind: Pod, metadata: {name: api-1, namespace: blue}, status: {"
                                                + status + "}}"),
                        Pod.class);
        return UnreadyPod.of(pod, name -> Optional.of("probe failed")).stream()
                .map(UnreadyPod::description)
                .toList();
    }
}
