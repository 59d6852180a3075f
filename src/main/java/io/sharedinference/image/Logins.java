package io.sharedinference.image;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a registry's credentials may come from, in order: config, then what {@code docker login} left here. */
record Logins(List<CredentialRetriever> sources) {

    static Logins of(ImageName name, Optional<Credentials> configured) {
        if (configured.isPresent()) {
            Credential known = Credential.from(
                    configured.get().username(), configured.get().password());
            return new Logins(List.of(() -> Optional.of(known)));
        }
        CredentialRetrieverFactory factory = CredentialRetrieverFactory.forImage(name.forJib(), event -> {});
        List<CredentialRetriever> sources = new ArrayList<>();
        Optional.ofNullable(System.getenv("DOCKER_CONFIG"))
                .map(folder -> factory.dockerConfig(Path.of(folder, "config.json")))
                .ifPresent(sources::add);
        sources.add(factory.dockerConfig());
        sources.add(factory.wellKnownCredentialHelpers());
        return new Logins(List.copyOf(sources));
    }

    RegistryImage image(ImageName name) {
        RegistryImage image = RegistryImage.named(name.forJib());
        sources.forEach(image::addCredentialRetriever);
        return image;
    }

    Optional<Credential> credential() {
        for (CredentialRetriever source : sources) {
            try {
                Optional<Credential> credential = source.retrieve();
                if (credential.isPresent()) {
                    return credential;
                }
            } catch (CredentialRetrievalException e) {
                throw new ImageException(
                        "the Docker config's credential helper failed: " + e.getMessage()
                                + ". Correct ~/.docker/config.json, or set proxyRegistryUsername and proxyRegistryPassword.",
                        e);
            }
        }
        return Optional.empty();
    }
}
