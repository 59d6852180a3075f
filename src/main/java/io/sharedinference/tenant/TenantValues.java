package io.sharedinference.tenant;

import io.sharedinference.config.ImagePaths;
import io.sharedinference.image.ImageReference;
import io.sharedinference.values.Inference;
import io.sharedinference.values.Values;

/** A tenant's values: the user's, with the proxy in inference's place and its image pinned by digest. No secret is among them. */
final class TenantValues {

    private TenantValues() {}

    static Values of(ImagePaths paths, ImageReference image, Values user) {
        return Inference.ELSEWHERE.enforce(user.merge(Values.of(paths.registry(), image.registry()))
                .merge(Values.of(paths.repository(), image.repository()))
                .merge(Values.of(paths.tag(), image.pinnedTag())));
    }
}
