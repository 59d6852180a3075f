package io.sharedinference.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The proxy image of the sandbox's tenant, in the registry and in its pods. */
@ExtendWith(SandboxExtension.class)
class ProxyImageIT {

    private static final long MAX_BYTES = 60_000_000;
    private static final String POD = "deploy/inference-api-proxy";

    /** A second JVM in the running container fails at the port that is in use; without a usable cache it would fail earlier. */
    @Test
    void theJvmUsesTheAotCache(Sandbox sandbox) {
        var message = sandbox.run(("kubectl -n tenant1 exec " + POD + " -- /opt/java/bin/java @/app/jvm.options"
                                + " -Djava.library.path=/app -XX:AOTMode=on -XX:AOTCache=/app/proxy.aot"
                                + " -jar /app/inference-api-proxy.jar")
                        .split(" "))
                .failed();
        assertTrue(message.contains("API_PORT 8080 cannot be bound"), message);
        assertFalse(message.contains("AOT"), message);
    }

    @Test
    void theLinkedRuntimeHasAllModulesOfTheProxy(Sandbox sandbox) {
        var log = sandbox.kubectl("-n tenant1 logs " + POD);
        assertTrue(log.contains("\"transport\":\"epoll\""), log);
        assertFalse(log.contains("NoClassDefFoundError"), log);
    }

    @Test
    void theImageHasNoShellAndRunsAsNonRoot(Sandbox sandbox) {
        var message = sandbox.run(("kubectl -n tenant1 exec " + POD + " -- sh -c id").split(" "))
                .failed();
        assertTrue(message.contains("executable file not found"), message);
        assertEquals("65532", config(sandbox).path("config").path("User").asText());
    }

    @Test
    void theImageIsSmall(Sandbox sandbox) {
        var layers = crane(sandbox, "manifest").path("layers");
        var size = StreamSupport.stream(layers.spliterator(), false)
                .mapToLong(layer -> layer.path("size").asLong())
                .sum();
        assertTrue(size > 0 && size < MAX_BYTES, size + " bytes");
    }

    private static JsonNode config(Sandbox sandbox) {
        return crane(sandbox, "config");
    }

    private static JsonNode crane(Sandbox sandbox, String part) {
        var image = sandbox.kubectl("-n tenant1 get " + POD + " -o jsonpath={.spec.template.spec.containers[0].image}");
        // crane does not accept a tag together with a digest
        var pinned = image.strip().replaceFirst(":[^:/@]+@", "@");
        try {
            return new ObjectMapper()
                    .readTree(sandbox.run("crane", part, "--insecure", pinned).succeeded());
        } catch (IOException e) {
            throw new IllegalStateException("crane did not print JSON", e);
        }
    }
}
