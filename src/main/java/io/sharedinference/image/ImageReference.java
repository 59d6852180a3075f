package io.sharedinference.image;

import java.util.Optional;

/**
 * Reference of an image with its digest. In a preview the image may not be pushed yet.
 *
 * @param registry   host with optional port
 * @param repository path in the registry
 * @param tag        informative only
 * @param digest     {@code sha256:<64 hex digits>}
 */
public record ImageReference(String registry, String repository, String tag, String digest) {

    /** {@code registry/repository@digest}. */
    public String pinned() {
        return registry + "/" + repository + "@" + digest;
    }

    public ImageName name() {
        return new ImageName(registry, repository, tag, Optional.of(digest));
    }
}
