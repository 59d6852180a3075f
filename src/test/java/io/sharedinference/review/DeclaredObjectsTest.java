package io.sharedinference.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.pulumi.Engine;
import io.sharedinference.pulumi.FakePulumi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeclaredObjectsTest {

    @Test
    void readsObjectsWithTheirSecretsFromTheState() {
        var state = """
                {"deployment": {"resources": [
                  {"type": "pulumi:pulumi:Stack"},
                  {"type": "pulumi:providers:kubernetes", "inputs": {"context": "c"}},
                  {"type": "kubernetes:helm.sh/v3:Release", "inputs": {"chart": "c"}},
                  {"type": "kubernetes:core/v1:Namespace", "inputs": {"kind": "Namespace"}},
                  {"type": "kubernetes:core/v1:NamespacePatch", "inputs": {"kind": "Namespace"}},
                  {"type": "kubernetes:core/v1:Secret", "inputs": {"kind": "Secret", "data": {
                    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                    "plaintext": "{\\"token\\": \\"dA==\\"}"}}},
                  {"type": "kubernetes:networking.k8s.io/v1:NetworkPolicy",
                   "inputs": {"kind": "NetworkPolicy", "spec": {"egress": [{"ports": [{"port": 53}]}]}}}]}}""";
        assertEquals(
                List.of(
                        Map.of("kind", "Secret", "data", Map.of("token", "dA==")),
                        Map.of(
                                "kind",
                                "NetworkPolicy",
                                "spec",
                                Map.of("egress", List.of(Map.of("ports", List.of(Map.of("port", 53))))))),
                declared(Map.of("stack export --show-secrets", state)));
    }

    @Test
    void isEmptyForUnreadableState() {
        assertEquals(List.of(), declared(Map.of()));
    }

    private static List<Map<?, ?>> declared(Map<String, String> answers) {
        return DeclaredObjects.of(new Engine(FakePulumi.answering(answers), Path.of("")), "tenant1");
    }
}
