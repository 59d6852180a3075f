package io.sharedinference.image;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.util.Optional;

/**
 * An image's name, whose digest needn't be known yet.
 *
 * @param registry   host, with its port if it has one
 * @param repository path in the registry
 * @param tag        for people; where there is a digest, that decides
 */
public record ImageName(String registry, String repository, String tag, Optional<String> digest) {

    private static final String DOCKER_HUB = "docker.io";
    private static final String DOCKER_HUB_HOST = "registry-1.docker.io";
    private static final int DIGEST_DIGITS_SHOWN = 12;

    /** @throws ImageException naming {@code key} if {@code reference} is no image reference */
    static ImageName parse(String key, String reference) {
        try {
            var parsed = com.google.cloud.tools.jib.api.ImageReference.parse(reference);
            String registry = parsed.getRegistry().equals(DOCKER_HUB_HOST) ? DOCKER_HUB : parsed.getRegistry();
            String tag = parsed.getTag()
                    .orElseGet(() -> parsed.getDigest().map(ImageName::tagOf).orElse("latest"));
            return new ImageName(registry, parsed.getRepository(), tag, parsed.getDigest());
        } catch (InvalidImageReferenceException e) {
            throw new ImageException(
                    key + " is \"" + reference + "\", which is no image reference."
                            + " Write it like registry.example.com/team/name:tag, in lower case.",
                    e);
        }
    }

    /** The repository that {@code reference} names, with {@code tag}. */
    static ImageName inRepository(String key, String reference, String tag) {
        ImageName name = parse(key, reference);
        if (name.digest.isPresent() || reference.lastIndexOf(':') > reference.lastIndexOf('/')) {
            throw new ImageException(key + " is \"" + reference + "\", which names a single image."
                    + " Leave its tag and digest out: the tag comes from the sources.");
        }
        return new ImageName(name.registry, name.repository, tag, Optional.empty());
    }

    /** {@code tag@digest}: in the place of a tag it pins {@code registry/repository:tag} by digest. The tag alone without one. */
    public String pinnedTag() {
        return tag + digest.map(exact -> "@" + exact).orElse("");
    }

    /** Where requests go, which for Docker Hub isn't its name. */
    String host() {
        return registry.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
    }

    ImageReference at(String exactDigest) {
        return new ImageReference(registry, repository, tag, exactDigest);
    }

    com.google.cloud.tools.jib.api.ImageReference forJib() {
        return com.google.cloud.tools.jib.api.ImageReference.of(host(), repository, tag, digest.orElse(null));
    }

    @Override
    public String toString() {
        return registry + "/" + repository + ":" + pinnedTag();
    }

    // a chart joins repository and tag with a colon, so there has to be a tag
    private static String tagOf(String digest) {
        return digest.replace(':', '-').substring(0, "sha256-".length() + DIGEST_DIGITS_SHOWN);
    }
}
