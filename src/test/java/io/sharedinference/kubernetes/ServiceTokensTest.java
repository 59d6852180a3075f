package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTokensTest {

    private static final String PATH =
            "/api/v1/namespaces/pharia-ai-shared/secrets?fieldSelector=type%21%3Dhelm.sh%2Frelease.v1";

    @TempDir
    Path directory;

    private final FakeCluster server = new FakeCluster();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void readsAllTokensInOneRequest() throws IOException {
        secrets(secret("blue", "{\"token\": \"aHVzaC1odXNo\"}"), secret("green", "{\"token\": \"bmV3ZXIK\"}"));
        assertEquals(Map.of("blue", Token.of("hush-hush"), "green", Token.of("newer")), read("blue", "green"));
        assertEquals(List.of(PATH), server.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\": \"\"}",
                "{\"token\": \"IA==\"}",
                "{\"token\": \"Cg==\"}",
                "{\"other\": \"eA==\"}",
                "{}",
                "null"
            })
    void reportsBlankTokenWithFix(String data) {
        secrets(secret("blue", "{\"token\": \"aHVzaC1odXNo\"}"), secret("green", data));
        var message = assertThrows(ClusterException.class, () -> read("blue", "green"))
                .getMessage();
        assertTrue(message.contains("pharia-ai-shared: pharia-iam-service-user-green."), message);
        assertTrue(message.contains("Fix: ") && message.contains("pulumi up"), message);
    }

    @Test
    void reportsAllMissingTokens() {
        secrets(secret("blue", "{\"token\": \"aHVzaC1odXNo\"}"));
        var message = assertThrows(ClusterException.class, () -> read("green", "blue", "red"))
                .getMessage();
        assertTrue(message.contains("pharia-iam-service-user-green, pharia-iam-service-user-red."), message);
    }

    @Test
    void reportsInvalidBase64WithoutQuotingIt() {
        secrets(secret("blue", "{\"token\": \"hush-hush!\"}"));
        var message = assertThrows(ClusterException.class, () -> read("blue")).getMessage();
        assertTrue(message.contains("pharia-iam-service-user-blue"), message);
        assertFalse(message.contains("hush"), message);
    }

    @Test
    void reportsUnreachableCluster() {
        server.close();
        var message = assertThrows(ClusterException.class, () -> read("blue")).getMessage();
        assertTrue(message.contains("context fake"), message);
    }

    private Map<String, Token> read(String... users) throws IOException {
        var keys = ConfigFixtures.shared();
        keys.put("context", FakeCluster.CONTEXT);
        keys.put("kubeconfig", server.kubeconfig(directory).toString());
        var config = ConfigFixtures.sharedConfig(keys);
        return ServiceTokens.read(
                config.cluster(), directory, config.installation().namespace(), List.of(users));
    }

    private void secrets(String... secrets) {
        server.answer(
                PATH,
                Arrays.stream(secrets)
                        .collect(Collectors.joining(
                                ",", "{\"apiVersion\": \"v1\", \"kind\": \"SecretList\", \"items\": [", "]}")));
    }

    private static String secret(String user, String data) {
        return """
                {"metadata": {"name": "pharia-iam-service-user-%s"}, "data": %s}""".formatted(user, data);
    }
}
