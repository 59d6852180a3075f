package io.sharedinference.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharedinference.project.ConfigFixtures;
import io.sharedinference.project.Problem;
import io.sharedinference.project.Problems;
import io.sharedinference.secrets.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverSecretTest {

    private static final String PATH = "/api/v1/namespaces/pharia-ai-shared/secrets/pharia-iam-service-user-blue";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"token\": \"\"}", "{\"token\": \"IA==\"}", "{\"other\": \"YQ==\"}"})
    void reportsSecretWithoutToken(String data) throws IOException {
        try (var server = new FakeCluster()) {
            assertEquals(
                    List.of("Secret pharia-ai-shared/pharia-iam-service-user-blue"),
                    subjects(server.answer(PATH, secret(data))));
        }
    }

    @Test
    void reportsMissingSecret() throws IOException {
        try (var server = new FakeCluster()) {
            assertEquals(List.of("Secret pharia-ai-shared/pharia-iam-service-user-blue"), subjects(server));
        }
    }

    @Test
    void readsToken() throws IOException {
        try (var server = new FakeCluster()) {
            var keys = keys(server.answer(PATH, secret("{\"token\": \"YQ==\"}")));
            var problems = new Problems();
            assertEquals(
                    Optional.of(Token.of("a")),
                    HandoverSecret.read(ConfigFixtures.handoverConfig(keys), directory, false, problems));
            assertEquals(List.of(), problems.all());
        }
    }

    @Test
    void reportsUnreachableCluster() throws IOException {
        var gone = new FakeCluster();
        gone.close();
        assertEquals(List.of("Secret pharia-ai-shared/pharia-iam-service-user-blue"), subjects(gone));
    }

    @Test
    void acceptsSecretThatSharedStackWillCreate() throws IOException {
        try (var server = new FakeCluster()) {
            var keys = keys(server);
            var problems = new Problems();
            assertEquals(
                    Optional.empty(),
                    HandoverSecret.read(ConfigFixtures.handoverConfig(keys), directory, true, problems));
            assertEquals(List.of(), problems.all());
        }
    }

    private static String secret(String data) {
        return """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "any"}, "data": %s}""".formatted(data);
    }

    private List<String> subjects(FakeCluster server) throws IOException {
        var keys = keys(server);
        var problems = new Problems();
        HandoverSecret.read(ConfigFixtures.handoverConfig(keys), directory, false, problems);
        return problems.all().stream().map(Problem::subject).toList();
    }

    private Map<String, String> keys(FakeCluster server) throws IOException {
        var keys = ConfigFixtures.handover();
        keys.put("context", FakeCluster.CONTEXT);
        keys.put("kubeconfig", server.kubeconfig(directory).toString());
        return keys;
    }
}
