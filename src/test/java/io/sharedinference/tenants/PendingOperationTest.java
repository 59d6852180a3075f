package io.sharedinference.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharedinference.kubernetes.FakeCluster;
import io.sharedinference.kubernetes.HelmRecords;
import io.sharedinference.project.ConfigFixtures;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingOperationTest {

    private static final String SECRETS = "/api/v1/namespaces/blue/secrets";
    private static final String RECORD = SECRETS + "/sh.helm.release.v1.pharia-ai.v2";

    @TempDir
    Path directory;

    private final FakeCluster server = new FakeCluster();
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void keepsOperationsOfOtherHelmClients() {
        record("pending-upgrade", "Helm", Duration.ofDays(1));
        var message = assertThrows(LifecycleException.class, () -> ended(false)).getMessage();
        assertTrue(message.contains("pending-upgrade") && message.contains("by Helm"), message);
        assertTrue(message.contains("--discard-pending"), message);
        assertEquals(List.of(), server.deleted());
    }

    @Test
    void discardsAnOperationOfTheProviderAfterItsTimeout() {
        record("pending-upgrade", "pulumi-kubernetes", Duration.ofSeconds(700));
        assertTrue(ended(false));
        assertEquals(List.of(RECORD), server.deleted());
    }

    @Test
    void waitsForAnOperationOfTheProviderUntilItsTimeout() {
        record("pending-upgrade", "pulumi-kubernetes", Duration.ofSeconds(10));
        messages.clear();
        var waiting = new Thread(() -> ended(false));
        waiting.start();
        while (messages.isEmpty()) {
            Thread.onSpinWait();
        }
        assertTrue(messages.get(0).contains("waiting until"), messages.toString());
        assertEquals(List.of(), server.deleted());
        record("deployed", "pulumi-kubernetes", Duration.ZERO);
        assertEquals(true, joined(waiting));
        assertEquals(List.of(), server.deleted());
    }

    @Test
    void discardsAnyOperationOnRequest() {
        record("pending-rollback", "Helm", Duration.ZERO);
        assertTrue(ended(true));
        assertEquals(List.of(RECORD), server.deleted());
    }

    @Test
    void ignoresCompletedOperations() {
        record("deployed", "Helm", Duration.ZERO);
        assertFalse(ended(true));
        assertEquals(List.of(), server.deleted());
    }

    private static boolean joined(Thread thread) {
        try {
            thread.join(10_000);
            return !thread.isAlive();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean ended(boolean discard) {
        var config = ConfigFixtures.tenantConfig(ConfigFixtures.tenant()).installation();
        try (var cluster = server.open(directory)) {
            return new PendingOperation(cluster, config, discard).await(messages::add);
        }
    }

    private void record(String status, String manager, Duration age) {
        server.answer(
                SECRETS + "?labelSelector=owner%3Dhelm%2Cname%3Dpharia-ai",
                "{\"apiVersion\": \"v1\", \"kind\": \"SecretList\", \"metadata\": {}, \"items\": ["
                        + HelmRecords.revision(2, status, manager, Instant.now().minus(age)) + "]}");
    }
}
