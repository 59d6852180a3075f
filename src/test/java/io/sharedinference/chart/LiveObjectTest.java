package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** Shows changes by users, and ignores those by Kubernetes and its controllers. */
class LiveObjectTest {

    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: proxy
              annotations: null
              creationTimestamp: null
            spec:
              replicas: 2
              paused: false
              template:
                spec:
                  affinity: {}
                  containers:
                  - name: proxy
                    image: proxy:1
                    env: [{name: A, value: ""}, {name: B, value: "1"}]
                    ports: [{name: http, containerPort: 8080}]
                    resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 0.5}}
                    volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /b}]
                  tolerations: [{key: gpu, operator: Exists}]
            """;

    /** As the API server returns it: with defaults, status and converted values, without empty values. */
    private static final String LIVE = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: proxy
              namespace: tenant1
              uid: 0b1c
              annotations: {deployment.kubernetes.io/revision: "1", meta.helm.sh/release-name: pharia-ai}
              managedFields:
              - {manager: helm, operation: Update, time: "2026-01-01T00:00:00Z", fieldsV1: {"f:spec": {"f:replicas": {}}}}
              - {manager: kube-controller-manager, subresource: status, time: "2026-01-02T00:00:00Z", fieldsV1: {"f:status": {"f:replicas": {}}}}
            spec:
              replicas: 2
              progressDeadlineSeconds: 600
              strategy: {type: RollingUpdate}
              template:
                spec:
                  containers:
                  - name: proxy
                    image: proxy:1
                    imagePullPolicy: IfNotPresent
                    env: [{name: A}, {name: B, value: "1"}]
                    ports: [{name: http, containerPort: 8080, protocol: TCP}]
                    resources: {limits: {cpu: "1", memory: 1Gi}, requests: {cpu: 500m}}
                    volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /b}]
                  dnsPolicy: ClusterFirst
                  tolerations: [{key: gpu, operator: Exists}]
            status: {replicas: 2}
            """;

    @Test
    void ignoresDefaults() {
        assertEquals("", diff(MANIFEST, LIVE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicas: 2      | replicas: 3       | replicas: 3
            image: proxy:1   | image: proxy:2    | image: proxy:2
            value: "1"       | value: "2"        | value: '2'
            memory: 1Gi      | memory: 2Gi       | memory: 2Gi
            [{name: A}, {name: B, value: "1"}] | [{name: B, value: "1"}, {name: A}, {name: C, value: x}] | name: C
            [{name: A}, {name: B, value: "1"}] | [{name: B, value: "1"}]  | -        - name: A
            operator: Exists | operator: Equal   | operator: Equal
            mountPath: /b    | mountPath: /c     | mountPath: /c
            """)
    void showsChangesOfFieldsInManifest(String before, String after, String expected) {
        assertTrue(LIVE.contains(before), before);
        var diff = diff(MANIFEST, LIVE.replace(before, after));
        assertTrue(diff.contains(expected), diff);
        assertTrue(diff.lines().filter(line -> line.matches("[+-].*")).count() <= 3, diff);
    }

    /** Numbers identify elements as well, in every number type. */
    @Test
    void identifiesElementByPort() {
        var manifest = MANIFEST.replace("{name: http, containerPort: 8080}", "{containerPort: 8080}");
        var live = LIVE.replace("{name: http, containerPort: 8080, protocol", "{containerPort: 8080, protocol");
        assertEquals("", diff(manifest, live));
    }

    @Test
    void ignoresOrderOfNamedElements() {
        assertEquals(
                "",
                diff(
                        MANIFEST,
                        LIVE.replace("[{name: A}, {name: B, value: \"1\"}]", "[{name: B, value: \"1\"}, {name: A}]")));
    }

    @Test
    void showsFieldsAddedWithKubectlAndWriter() {
        var edited =
                writtenBy("""
                {manager: kubectl-edit, time: "2026-01-03T00:00:00Z", fieldsV1: {"f:spec": {"f:template": {"f:spec": {
                  "f:hostNetwork": {}, "f:containers": {'k:{"name":"proxy"}': {".": {}, "f:imagePullPolicy": {}}}}}}}}""").replace("dnsPolicy: ClusterFirst", "dnsPolicy: ClusterFirst\n      hostNetwork: true");
        var diff = diff(MANIFEST, edited);
        assertTrue(diff.contains("+      hostNetwork: true"), diff);
        assertTrue(diff.contains("+        imagePullPolicy: IfNotPresent"), diff);
        assertFalse(diff.contains("dnsPolicy"), diff);
        assertEquals(
                "kubectl-edit at 2026-01-03T00:00:00Z",
                ManagedFields.of(new Yaml().load(edited)).lastWriter().orElseThrow());
    }

    /** Placeholders filled in by controllers, and fields edited with any client. */
    @ParameterizedTest
    @CsvSource({
        "cainjector, false",
        "trust-manager, false",
        "manager, false",
        "kube-controller-manager, false",
        "service-ca-operator, false",
        "kubectl-edit, true",
        "kubectl-patch, true",
        "Mozilla, true",
        "dashboard, true",
        "node-fetch, true",
        "k9s, true",
        "python-requests, true"
    })
    void showsChangesByUsersAndIgnoresControllers(String manager, boolean shown) {
        var manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {ca.crt: '', other: x}}";
        var live = """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: c
                  labels: {added: one}
                  managedFields:
                  - {manager: helm, fieldsV1: {"f:data": {".": {}, "f:other": {}}}}
                  - {manager: %s, fieldsV1: {"f:data": {"f:ca.crt": {}}, "f:metadata": {"f:labels": {"f:added": {}}}}}
                data: {ca.crt: filled, other: x}
                """.formatted(manager);
        var diff = diff(manifest, live);
        assertEquals(shown, diff.contains("filled"), diff);
        assertEquals(shown, diff.contains("added"), diff);
    }

    /** The API server records the writer of an atomic field, but not the writers of its parts. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {app: proxy}}    | {app: proxy, added: label}} | added: label
            port: 53         | port: 53, endPort: 60       | endPort: 60
            {to: []}]        | {to: []}, {ports: []}]      | ports
            port: 53         | port: 53, protocol: TCP     | ''
            """)
    void showsAdditionsToAtomicFields(String before, String after, String expected) {
        var manifest = """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: p}
                spec:
                  podSelector: {matchLabels: {app: proxy}}
                  egress: [{ports: [{port: 53}]}, {to: []}]
                """;
        var live = manifest.replace(before, after).replace("{name: p}", """
                {name: p, managedFields: [
                    {manager: %s, fieldsV1: {"f:spec": {"f:egress": {}, "f:podSelector": {}}}}]}""");
        var diff = diff(manifest, live.formatted("kubectl-edit"));
        assertTrue(expected.isEmpty() ? diff.isEmpty() : diff.contains(expected), diff);
    }

    @Test
    void ignoresAnnotationsOfKubectl() {
        var annotated = writtenBy("""
                {manager: kubectl-client-side-apply, fieldsV1: {"f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/last-applied-configuration": {}}}}}""")
                .replace("annotations: {", "annotations: {kubectl.kubernetes.io/last-applied-configuration: x, ");
        assertEquals("", diff(MANIFEST, annotated));
    }

    @Test
    void ignoresRolloutRestart() {
        var restarted = writtenBy("""
                {manager: kubectl-rollout, fieldsV1: {"f:spec": {"f:template": {"f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/restartedAt": {}}}}}}}""")
                .replace(
                        "template:\n",
                        "template:\n    metadata: {annotations: {kubectl.kubernetes.io/restartedAt: now}}\n");
        assertEquals("", diff(MANIFEST, restarted));
    }

    @ParameterizedTest
    @CsvSource({"kube-controller-manager, ''", "kubectl, replicas: 5"})
    void ignoresReplicasSetByAutoscaler(String scaler, String expected) {
        var scaled = writtenBy("""
                {manager: %s, subresource: scale, fieldsV1: {"f:spec": {"f:replicas": {}}}}""".formatted(scaler)).replace("replicas: 2\n  progress", "replicas: 5\n  progress");
        var diff = diff(MANIFEST, scaled);
        assertTrue(expected.isEmpty() ? diff.isEmpty() : diff.contains(expected), diff);
    }

    private static String writtenBy(String entry) {
        return LIVE.replace("managedFields:", "managedFields:\n  - " + entry.replace("\n", " "));
    }

    @ParameterizedTest
    @CsvSource({"cGxhbnRlZC1vbGQ=, ''", "cGxhbnRlZC1uZXc=, token: '*** (after)'"})
    void comparesValuesOfSecretsWithoutShowingThem(String data, String expected) {
        var secret = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {token: planted-old}}";
        var diff = diff(secret, secret.replace("stringData: {token: planted-old}", "data: {token: " + data + "}"));
        assertTrue(expected.isEmpty() ? diff.isEmpty() : diff.contains(expected), diff);
        assertFalse(diff.contains("planted") || diff.contains(data), diff);
    }

    @ParameterizedTest
    @CsvSource({"y, true", "010, 8", "1:30, '\"1:30\"'", "3000000000, 3000000000", "2026-01-31, '\"2026-01-31\"'"})
    void parsesScalarsAsHelmDoes(String value, String stored) {
        var thing = "{apiVersion: v1, kind: Thing, metadata: {name: t}, spec: {value: %s}}";
        assertEquals("", diff(thing.formatted(value), thing.formatted(stored)));
    }

    private static String diff(String manifest, String live) {
        var before = Manifest.parse(manifest, "tenant1").asStored();
        Map<String, Object> object = new Yaml().load(live);
        var after = new Manifest(before.objects().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> new LiveObject(object).normalized((Map<?, ?>) entry.getValue()))));
        return new Comparison(before, after, after)
                .objects().stream().map(ObjectDiff::diff).collect(Collectors.joining());
    }
}
