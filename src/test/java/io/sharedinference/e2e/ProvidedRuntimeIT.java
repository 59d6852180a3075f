package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A tenant runs the proxy from a multi-platform image on a base image with Java 25. */
@ExtendWith(SandboxExtension.class)
class ProvidedRuntimeIT {

    private static final String POD = "deploy/inference-api-proxy";

    private LifecycleFixture fixture;
    private String multiPlatformJava;

    @BeforeEach
    void begin(Sandbox sandbox, @TempDir Path directory) {
        fixture = new LifecycleFixture(sandbox, directory, "provided", 32690, false);
        multiPlatformJava = multiPlatformJava(sandbox);
        fixture.begin(Map.of(
                "proxyPlatforms", List.of("linux/arm64", "linux/amd64"), "proxyJavaBaseImage", multiPlatformJava));
    }

    @AfterEach
    void end() {
        fixture.end();
    }

    @Test
    void theProxyStartsWithoutWarningsAndServesRequests(Sandbox sandbox) throws Exception {
        fixture.tenant(fixture.addition()).succeeded();
        var pod = "-n " + fixture.namespace() + " ";
        var log = sandbox.kubectl(pod + "logs --tail=-1 -l app.kubernetes.io/name=inference-api-proxy");
        assertTrue(log.lines().allMatch(line -> line.startsWith("{")), log);
        assertTrue(log.contains("\"transport\":\"epoll\""), log);
        assertEquals(
                200, fixture.proxy().get("/model-settings", fixture.userToken()).statusCode());

        var image = sandbox.kubectl(pod + "get " + POD + " -o jsonpath={.spec.template.spec.containers[0].image}");
        var index = new ObjectMapper()
                .readTree(sandbox.run("crane", "manifest", "--insecure", image.replaceFirst(":[^:/@]+@", "@"))
                        .succeeded());
        assertEquals(
                List.of("amd64", "arm64"),
                index.findValues("architecture").stream().map(JsonNode::asText).toList());
        assertFalse(index.has("layers"));
        var pushed = sandbox.run(
                        "./tenant",
                        "push-image",
                        image.replaceFirst(":[^:/@]+@.*", ""),
                        "--java-base-image",
                        multiPlatformJava,
                        "--insecure")
                .succeeded();
        assertTrue(pushed.endsWith("\n" + image.replaceFirst(":[^:/@]+@", "@") + "\n"), pushed);
    }

    /** An image index that offers this machine's Java image for both platforms. */
    private static String multiPlatformJava(Sandbox sandbox) {
        var java = sandbox.config("tenant1").get("proxyBaseImage").toString().replace("glibc:1", "java");
        for (String architecture : List.of("amd64", "arm64")) {
            sandbox.run(
                            "crane",
                            "mutate",
                            "--insecure",
                            "--set-platform",
                            "linux/" + architecture,
                            "--tag",
                            java + ":25-" + architecture,
                            java + ":25")
                    .succeeded();
        }
        sandbox.run(
                        "crane",
                        "index",
                        "append",
                        "--insecure",
                        "--manifest",
                        java + ":25-amd64",
                        "--manifest",
                        java + ":25-arm64",
                        "--tag",
                        java + ":25-both")
                .succeeded();
        return java + ":25-both";
    }
}
