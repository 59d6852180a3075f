package io.sharedinference.project;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Source of the proxy image.
 *
 * @param prebuilt    reference of an existing image; nothing is built, and {@code repository} is ignored
 * @param repository  registry/repository that a built image is pushed to; may be empty with {@code prebuilt}
 * @param runtime     the Java runtime of a built image
 * @param credentials for the registry; empty to use Docker's configuration and its credential helpers
 * @param insecure    whether to allow plain HTTP and untrusted certificates; credentials are only sent over TLS
 */
public record ProxyImageConfig(
        Optional<String> prebuilt,
        String repository,
        JavaRuntime runtime,
        Optional<Credentials> credentials,
        boolean insecure) {

    /** @param nodes platforms of the cluster's nodes; called only if the image depends on them */
    public ProxyImageConfig forNodes(Supplier<Set<ImagePlatform>> nodes) {
        return prebuilt.isEmpty()
                        && runtime instanceof JavaRuntime.Provided provided
                        && provided.configured().isEmpty()
                ? new ProxyImageConfig(
                        prebuilt,
                        repository,
                        new JavaRuntime.Provided(provided.baseImage(), Optional.of(nodes.get())),
                        credentials,
                        insecure)
                : this;
    }
}
