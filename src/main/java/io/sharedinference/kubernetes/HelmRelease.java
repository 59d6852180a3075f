package io.sharedinference.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A release as Helm's newest Secret has it, without its values.
 *
 * @param status       in Helm's words: deployed, failed, pending-install, pending-upgrade, …
 * @param chart        the chart's name
 * @param appVersion   blank where the chart names none
 * @param manager      field manager of the last write; blank if the API server reports none
 * @param modified     time of that write, by the API server's clock
 */
public record HelmRelease(
        String namespace,
        String name,
        int revision,
        String status,
        String chart,
        String chartVersion,
        String appVersion,
        String manager,
        Instant modified) {

    /** How Pulumi's Kubernetes provider writes, in the place of helm. */
    private static final String PROVIDER = "pulumi-kubernetes";

    private static final Duration MARGIN = Duration.ofSeconds(10); // for clocks that differ

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether Helm is at it, or was killed while it was: it refuses every further change then. */
    public boolean pending() {
        return status.startsWith("pending-");
    }

    /**
     * When whoever is at it must have given up; empty when that can't be known: somebody's helm waits as long as its
     * {@code --timeout} says.
     *
     * @param timeout that the stack gives the provider
     */
    public Optional<Instant> abandonedAt(Duration timeout) {
        return Optional.of(modified.plus(timeout).plus(MARGIN)).filter(at -> writtenByProvider());
    }

    /** Whether Pulumi's provider wrote it last. */
    public boolean writtenByProvider() {
        return manager.equals(PROVIDER);
    }

    /** From a Secret: Helm's base64 in Kubernetes' base64, around gzip. */
    static HelmRelease decode(String namespace, Secret secret) throws IOException {
        var writer = secret.getMetadata().getManagedFields().stream()
                .filter(entry -> entry.getTime() != null)
                .max(Comparator.comparing(ManagedFieldsEntry::getTime));
        var data = secret.getData().getOrDefault("release", "");
        byte[] zipped = Base64.getDecoder().decode(Base64.getDecoder().decode(data));
        try (var json = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            JsonNode release = JSON.readTree(json);
            JsonNode metadata = release.at("/chart/metadata");
            return new HelmRelease(
                    namespace,
                    release.path("name").asText(),
                    release.path("version").asInt(),
                    release.at("/info/status").asText(),
                    metadata.path("name").asText(),
                    metadata.path("version").asText(),
                    metadata.path("appVersion").asText(),
                    writer.map(ManagedFieldsEntry::getManager).orElse(""),
                    writer.map(entry -> Instant.parse(entry.getTime())).orElse(Instant.EPOCH));
        }
    }
}
