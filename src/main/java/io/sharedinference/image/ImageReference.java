package io.sharedinference.image;

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

    /** {@code tag@digest}: in the place of a tag it pins {@code registry/repository:tag} by digest. */
    public String pinnedTag() {
        return tag + "@" + digest;
    }
}
