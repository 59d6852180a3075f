package io.sharedinference.image;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import io.sharedinference.project.Credentials;
import io.sharedinference.project.Key;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sources of a registry's credentials: the configuration, otherwise Docker's configuration and credential helpers. */
record CredentialSources(List<CredentialRetriever> sources) {

    static CredentialSources of(ImageName name, Optional<Credentials> configured) {
        if (configured.isPresent()) {
            Credential known = Credential.from(
                    configured.get().username(), configured.get().password());
            return new CredentialSources(List.of(() -> Optional.of(known)));
        }
        CredentialRetrieverFactory factory = CredentialRetrieverFactory.forImage(name.forJib(), event -> {});
        List<CredentialRetriever> sources = new ArrayList<>();
        Optional.ofNullable(System.getenv("DOCKER_CONFIG"))
                .map(directory -> factory.dockerConfig(Path.of(directory, "config.json")))
                .ifPresent(sources::add);
        sources.add(factory.dockerConfig());
        sources.add(factory.wellKnownCredentialHelpers());
        return new CredentialSources(List.copyOf(sources));
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
                        "the credential helper of Docker's configuration failed: " + e.getMessage() + ".",
                        "correct ~/.docker/config.json, or set " + Key.PROXY_REGISTRY_USERNAME.key() + " and "
                                + Key.PROXY_REGISTRY_PASSWORD.key() + ".",
                        e);
            }
        }
        return Optional.empty();
    }
}
