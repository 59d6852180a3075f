package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.image.ImageName;
import io.sharedinference.project.ImagePaths;
import io.sharedinference.project.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantValuesTest {

    private static final ImageName IMAGE =
            new ImageName("registry:5000", "a/proxy", "0123", Optional.of("sha256:abcd"));

    @Test
    void enablesPinnedProxyInsteadOfInference() {
        var paths = new ImagePaths(
                "inference-api-proxy.image.registry",
                "inference-api-proxy.image.repository",
                "inference-api-proxy.image.tag");
        var user = new Values(Map.of(
                "inference-api-proxy",
                Map.of("replicas", 3, "image", Map.of("tag", "latest", "pullPolicy", "Always")),
                "other",
                1));
        assertEquals(
                Map.of(
                        "other", 1,
                        "global", Map.of("inference", Map.of("enabled", false)),
                        "inference-api-proxy",
                                Map.of(
                                        "enabled",
                                        true,
                                        "replicas",
                                        3,
                                        "image",
                                        Map.of(
                                                "registry",
                                                "registry:5000",
                                                "repository",
                                                "a/proxy",
                                                "tag",
                                                "0123@sha256:abcd",
                                                "pullPolicy",
                                                "Always"))),
                TenantValues.of(paths, Optional.of(IMAGE), user).tree());
    }

    @Test
    void usesConfiguredPaths() {
        assertEquals(
                Map.of(
                        "r", "registry:5000",
                        "x", Map.of("n", "a/proxy", "t", "0123@sha256:abcd"),
                        "global", Map.of("inference", Map.of("enabled", false)),
                        "inference-api-proxy", Map.of("enabled", true)),
                TenantValues.of(new ImagePaths("r", "x.n", "x.t"), Optional.of(IMAGE), Values.EMPTY)
                        .tree());
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote-inference-api-token", "remoteInferenceApiToken", "REMOTE_INFERENCE_API_URL"})
    void rejectsTokenAndUrlInValues(String key) {
        var user = new UserValues(
                List.of(new UserValues.Source("mine.yaml", Values.of("inference-api-proxy.env." + key, "s3cret"))));
        var problems = new Problems();
        TenantValues.check(user, problems);
        var message = problems.all().toString();
        assertTrue(message.contains("mine.yaml: inference-api-proxy.env." + key), message);
        assertFalse(message.contains("s3cret"), message);
    }
}
