package io.sharedinference.image;

import java.util.Optional;

/**
 * Source of the proxy image.
 *
 * @param prebuilt    reference of an existing image; nothing is built, and {@code repository} is ignored
 * @param repository  registry/repository that a built image is pushed to; may be empty with {@code prebuilt}
 * @param baseImage   reference of the base image
 * @param credentials for the registry; empty to use Docker's configuration and its credential helpers
 * @param insecure    whether to allow plain HTTP and untrusted certificates; credentials are only sent over TLS
 */
public record ProxyImageConfig(
        Optional<String> prebuilt,
        String repository,
        String baseImage,
        Optional<Credentials> credentials,
        boolean insecure) {}
