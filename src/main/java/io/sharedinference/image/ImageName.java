package io.sharedinference.image;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import io.sharedinference.project.ImagePlatform;
import java.util.Optional;

/**
 * Name of an image whose digest may be unknown.
 *
 * @param registry   host with optional port
 * @param repository path in the registry
 * @param tag        informative if there is a digest
 */
public record ImageName(String registry, String repository, String tag, Optional<String> digest) {

    private static final String DOCKER_HUB = "docker.io";
    private static final String DOCKER_HUB_HOST = "registry-1.docker.io";
    private static final int DIGEST_DIGITS_SHOWN = 12;

    /** @throws ImageException naming {@code key} if {@code reference} is invalid */
    static ImageName parse(String key, String reference) {
        try {
            var parsed = com.google.cloud.tools.jib.api.ImageReference.parse(reference);
            String registry = parsed.getRegistry().equals(DOCKER_HUB_HOST) ? DOCKER_HUB : parsed.getRegistry();
            String tag = parsed.getTag()
                    .orElseGet(() -> parsed.getDigest().map(ImageName::tagOf).orElse("latest"));
            return new ImageName(registry, parsed.getRepository(), tag, parsed.getDigest());
        } catch (InvalidImageReferenceException e) {
            throw new ImageException(
                    key + " = \"" + reference + "\": must be an image reference.",
                    "use the form registry.example.com/team/name:tag, in lowercase.",
                    e);
        }
    }

    /** An image with {@code tag} in the repository {@code reference}. */
    static ImageName inRepository(String key, String reference, String tag) {
        ImageName name = parse(key, reference);
        if (name.digest.isPresent() || reference.lastIndexOf(':') > reference.lastIndexOf('/')) {
            throw new ImageException(
                    key + " = \"" + reference + "\": must be a repository without tag and digest.",
                    "remove the tag and the digest; the tag is computed from the sources.");
        }
        return new ImageName(name.registry, name.repository, tag, Optional.empty());
    }

    /** {@code tag@digest}, which as a tag pins {@code registry/repository:tag}; only the tag if the digest is unknown. */
    public String pinnedTag() {
        return tag + digest.map(exact -> "@" + exact).orElse("");
    }

    /** Host for requests, which for Docker Hub differs from the registry's name. */
    String host() {
        return registry.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
    }

    ImageReference at(String exactDigest) {
        return new ImageReference(registry, repository, tag, exactDigest);
    }

    /** Name of one platform's image in an index. */
    ImageName forPlatform(ImagePlatform platform) {
        return new ImageName(registry, repository, tag + "-" + platform.architecture(), Optional.empty());
    }

    com.google.cloud.tools.jib.api.ImageReference forJib() {
        return com.google.cloud.tools.jib.api.ImageReference.of(host(), repository, tag, digest.orElse(null));
    }

    @Override
    public String toString() {
        return registry + "/" + repository + ":" + pinnedTag();
    }

    // charts join repository and tag with a colon, so a tag is required
    private static String tagOf(String digest) {
        return digest.replace(':', '-').substring(0, "sha256-".length() + DIGEST_DIGITS_SHOWN);
    }
}
