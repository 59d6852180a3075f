package io.sharedinference.image;

import java.util.Optional;

/**
 * Where the proxy's image comes from.
 *
 * @param prebuilt    an image reference to use as it is; nothing is built then and {@code repository} isn't used
 * @param repository  registry/repository that a built image is pushed to; may be empty with {@code prebuilt}
 * @param baseImage   reference of the image that has {@code java} 25 on its PATH
 * @param credentials for the registry; without them the Docker config and its credential helpers are asked
 * @param insecure    whether the registries may be reached over plain HTTP or with an untrusted certificate;
 *                    credentials are sent over TLS alone
 */
public record ProxyImageConfig(
        Optional<String> prebuilt,
        String repository,
        String baseImage,
        Optional<Credentials> credentials,
        boolean insecure) {}
