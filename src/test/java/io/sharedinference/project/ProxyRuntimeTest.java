package io.sharedinference.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProxyRuntimeTest {

    private static final String JAVA = "gcr.io/distroless/java25-debian13:nonroot";

    private final Map<String, String> keys = ConfigFixtures.tenant();
    private final Problems problems = new Problems();

    @Test
    void linuxLinksItsOwnRuntime() {
        keys.put("proxyBaseImage", "base:1");
        assertEquals(new JavaRuntime.Linked("base:1"), read(true));
    }

    @Test
    void otherSystemsBuildForNodesOfCluster() {
        assertEquals(new JavaRuntime.Provided(JAVA, Optional.empty()), read(false));
    }

    @Test
    void platformsDecideOnEveryMachine() {
        keys.put("proxyPlatforms", "[\"linux/arm64\"]");
        keys.put("proxyJavaBaseImage", "java:25");
        var arm = new JavaRuntime.Provided("java:25", Optional.of(Set.of(ImagePlatform.LINUX_ARM64)));
        assertEquals(arm, read(true));
        assertEquals(arm, read(false));
    }

    @Test
    void orderOfPlatformsIsIrrelevant() {
        keys.put("proxyPlatforms", "[\"linux/arm64\", \"linux/amd64\", \"linux/arm64\"]");
        assertEquals(
                EnumSet.allOf(ImagePlatform.class).toString(),
                read(true).platforms().toString());
    }

    @Test
    void reportsUnsupportedPlatform() {
        keys.put("proxyPlatforms", "[\"linux/amd64\", \"windows/amd64\"]");
        read(true);
        var message = problems.all().toString();
        assertTrue(message.contains("windows/amd64"), message);
        assertTrue(message.contains("each must be linux/amd64 or linux/arm64"), message);
        assertEquals(1, problems.all().size());
    }

    @Test
    void prebuiltImageAsksForNoNodes() {
        keys.put("proxyPlatforms", "[]");
        var image = ConfigFixtures.tenantConfig(keys).image().orElseThrow();
        assertFalse(image.prebuilt().isEmpty());
        assertEquals(image, image.forNodes(() -> {
            throw new AssertionError("asked for nodes");
        }));
    }

    private JavaRuntime read(boolean linux) {
        return ProxyRuntime.read(new SettingsReader(ConfigFixtures.settings(keys), problems), linux);
    }
}
