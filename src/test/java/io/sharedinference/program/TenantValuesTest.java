package io.sharedinference.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.image.ImageName;
import io.sharedinference.project.ImagePaths;
import io.sharedinference.project.Problems;
import io.sharedinference.project.ProxyEnvironment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantValuesTest {

    private static final ImageName IMAGE =
            new ImageName("registry:5000", "a/proxy", "0123", Optional.of("sha256:abcd"));

    private static final ProxyEnvironment NO_ENVIRONMENT =
            new ProxyEnvironment("inference-api-proxy.env", ProxyEnvironment.Format.MAP, Map.of());

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
                TenantValues.of(paths, Optional.of(IMAGE), NO_ENVIRONMENT, user).tree());
    }

    @Test
    void usesConfiguredPaths() {
        assertEquals(
                Map.of(
                        "r", "registry:5000",
                        "x", Map.of("n", "a/proxy", "t", "0123@sha256:abcd"),
                        "global", Map.of("inference", Map.of("enabled", false)),
                        "inference-api-proxy", Map.of("enabled", true)),
                TenantValues.of(new ImagePaths("r", "x.n", "x.t"), Optional.of(IMAGE), NO_ENVIRONMENT, Values.EMPTY)
                        .tree());
    }

    @Test
    void theChartsOwnImageStaysAsTheUserSetIt() {
        var user = Values.of("inference-api-proxy.image.tag", "vendor-1");
        assertEquals(
                user.merge(Values.of("global.inference.enabled", false))
                        .merge(Values.of("inference-api-proxy.enabled", true)),
                TenantValues.of(new ImagePaths("r", "x.n", "x.t"), Optional.empty(), NO_ENVIRONMENT, user));
    }

    @Test
    void variablesGoWhereTheChartTakesThemAsAMap() {
        var environment = new ProxyEnvironment("proxy.env", ProxyEnvironment.Format.MAP, Map.of("A", "new"));
        var values = TenantValues.of(
                new ImagePaths("r", "x.n", "x.t"),
                Optional.empty(),
                environment,
                Values.of("proxy.env", Map.of("A", "old", "B", "kept")));
        assertEquals(Optional.of(Map.of("A", "new", "B", "kept")), values.at("proxy.env"));
    }

    @Test
    void variablesGoWhereTheChartTakesThemAsAListAndTheUsersOwnStay() {
        var kept = Map.of("name", "B", "valueFrom", Map.of("fieldRef", Map.of("fieldPath", "spec.nodeName")));
        var environment = new ProxyEnvironment("proxy.env", ProxyEnvironment.Format.LIST, Map.of("A", "new"));
        var values = TenantValues.of(
                new ImagePaths("r", "x.n", "x.t"),
                Optional.empty(),
                environment,
                Values.of("proxy.env", List.of(Map.of("name", "A", "value", "old"), kept)));
        assertEquals(Optional.of(List.of(kept, Map.of("name", "A", "value", "new"))), values.at("proxy.env"));
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
