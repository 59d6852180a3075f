package io.sharedinference.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/**
 * A release as Helm's newest Secret has it, without its values.
 *
 * @param status       in Helm's words: deployed, failed, pending-install, pending-upgrade, …
 * @param chart        the chart's name
 * @param appVersion   blank where the chart names none
 */
public record HelmRelease(
        String namespace,
        String name,
        int revision,
        String status,
        String chart,
        String chartVersion,
        String appVersion) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether Helm is at it, or was killed while it was: it refuses every further change then. */
    public boolean pending() {
        return status.startsWith("pending-");
    }

    /** @param data of the Secret: Helm's base64 in Kubernetes' base64, around gzip */
    static HelmRelease decode(String namespace, String data) throws IOException {
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
                    metadata.path("appVersion").asText());
        }
    }
}
