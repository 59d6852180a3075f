package io.sharedinference.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class RepairedObjectTest {

    private static final String MANIFEST = """
            spec:
              replicas: 2
              template:
                spec:
                  containers:
                  - {name: proxy, image: "proxy:1", env: [{name: A, value: "1"}]}
            """;

    @Test
    void resetsFieldsOfManifestAndKeepsDefaults() {
        var live = """
                metadata:
                  resourceVersion: "7"
                  managedFields:
                  - {manager: kubectl-edit, fieldsV1: {"f:spec": {"f:replicas": {}, "f:paused": {}, "f:template": {"f:spec":
                      {"f:hostNetwork": {}, "f:containers": {'k:{"name":"proxy"}': {"f:image": {}}}}}}}}
                spec:
                  replicas: 5
                  paused: true
                  strategy: {type: RollingUpdate}
                  template:
                    spec:
                      hostNetwork: true
                      dnsPolicy: ClusterFirst
                      containers:
                      - {name: proxy, image: "proxy:2", imagePullPolicy: Always, env: [{name: A, value: "1"}, {name: B, value: x}]}
                      - {name: added, image: "x:1"}
                """;
        assertEquals(new Yaml().<Object>load("""
                replicas: 2
                strategy: {type: RollingUpdate}
                template:
                  spec:
                    dnsPolicy: ClusterFirst
                    containers:
                    - {name: proxy, image: "proxy:1", imagePullPolicy: Always, env: [{name: A, value: "1"}]}
                """), repaired(live).get("spec"));
    }

    @Test
    void keepsObjectWithoutDrift() {
        var live = MANIFEST + "status: {replicas: 2}\n";
        assertEquals(new Yaml().<Object>load(live), repaired(live));
    }

    private static Map<?, ?> repaired(String live) {
        Map<?, ?> object = new Yaml().load(live);
        Map<?, ?> manifest = new Yaml().load(MANIFEST);
        return RepairedObject.of(object, new LiveObject(object).normalized(manifest), manifest);
    }
}
