package io.sharedinference.image;

import java.util.Optional;

/**
 * An image that exists, or in a preview will exist, with its digest.
 *
 * @param registry   host, with its port if it has one
 * @param repository path in the registry
 * @param tag        for people; the digest decides
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
