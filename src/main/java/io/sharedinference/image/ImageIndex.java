package io.sharedinference.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.tools.jib.image.json.OciIndexTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import io.sharedinference.project.ImagePlatform;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The index of several platforms' images. Jib creates manifest lists only in Docker's format. */
final class ImageIndex {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ImageIndex() {}

    /** @param archives an OCI archive for each platform, in the order of the index */
    static OciIndexTemplate of(Map<ImagePlatform, Path> archives) throws IOException {
        ObjectNode index =
                JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", OciIndexTemplate.MEDIA_TYPE);
        for (Map.Entry<ImagePlatform, Path> archive : archives.entrySet()) {
            index.withArray("manifests").add(descriptor(archive.getKey(), archive.getValue()));
        }
        return JsonTemplateMapper.readJson(JSON.writeValueAsBytes(index), OciIndexTemplate.class);
    }

    private static JsonNode descriptor(ImagePlatform platform, Path archive) throws IOException {
        ObjectNode descriptor =
                (ObjectNode) JSON.readTree(entry(archive, "index.json")).at("/manifests/0");
        descriptor.remove("annotations");
        descriptor
                .putObject("platform")
                .put("architecture", platform.architecture())
                .put("os", platform.os());
        return descriptor;
    }

    private static byte[] entry(Path archive, String name) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals(name)) {
                    return tar.readAllBytes();
                }
            }
        }
        throw new FileNotFoundException(archive + " has no " + name);
    }
}
