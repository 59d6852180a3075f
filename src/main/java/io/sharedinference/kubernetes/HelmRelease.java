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
 * A revision of a Helm release, without its values.
 *
 * @param status       Helm's status: deployed, failed, pending-install, pending-upgrade and so on
 * @param chart        name of the chart
 * @param appVersion   blank if the chart has none
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

    /** Field manager of Pulumi's Kubernetes provider. */
    private static final String PROVIDER = "pulumi-kubernetes";

    private static final Duration MARGIN = Duration.ofSeconds(10); // for clock skew

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether a Helm operation is in progress or was killed. Helm rejects other operations until it is resolved. */
    public boolean pending() {
        return status.startsWith("pending-");
    }

    /**
     * Time after which the pending operation has ended; empty if another client started it, whose timeout is unknown.
     *
     * @param timeout timeout of the provider
     */
    public Optional<Instant> abandonedAt(Duration timeout) {
        return Optional.of(modified.plus(timeout).plus(MARGIN)).filter(at -> writtenByProvider());
    }

    /** Whether Pulumi's provider wrote the record. */
    public boolean writtenByProvider() {
        return manager.equals(PROVIDER);
    }

    /** Decodes Helm's Secret: gzip in base64, in Kubernetes' base64. */
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
