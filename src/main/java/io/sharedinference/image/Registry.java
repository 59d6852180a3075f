package io.sharedinference.image;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.image.json.OciIndexTemplate;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.sharedinference.project.Credentials;
import io.sharedinference.project.ProxyImageConfig;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Reads the digest of a manifest, the only registry request of a run without changes; and pushes indexes. */
final class Registry {

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String MANIFESTS = String.join(
            ", ",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json");
    private static final int TIMEOUT_MILLIS = 10_000;

    private final boolean insecure;
    private final Optional<Credentials> credentials;

    Registry(ProxyImageConfig config) {
        this.insecure = config.insecure();
        this.credentials = config.credentials();
    }

    /** The digest of a tag; empty if the tag does not exist. */
    Optional<String> digest(ImageName name) {
        Optional<String> digest = anonymously(name);
        return digest.isPresent() ? digest : throughJib(name);
    }

    // avoids the start of Jib's client, which takes almost a second: most registries allow anonymous requests
    private Optional<String> anonymously(ImageName name) {
        IOException failure = new IOException("no response");
        String manifest = "://" + name.host() + "/v2/" + name.repository() + "/manifests/" + name.tag();
        for (String scheme : insecure ? List.of("http", "https") : List.of("https")) {
            try {
                return head(URI.create(scheme + manifest));
            } catch (SSLException e) {
                return Optional.empty();
            } catch (IOException e) {
                failure = e;
            }
        }
        throw RegistryErrors.translate("reading the digest of " + name, failure);
    }

    private static Optional<String> head(URI manifest) throws IOException {
        HttpURLConnection request = (HttpURLConnection) manifest.toURL().openConnection();
        request.setRequestMethod("HEAD");
        request.setRequestProperty("Accept", MANIFESTS);
        request.setConnectTimeout(TIMEOUT_MILLIS);
        request.setReadTimeout(TIMEOUT_MILLIS);
        if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
            return Optional.empty();
        }
        return Optional.ofNullable(request.getHeaderField("Docker-Content-Digest"))
                .filter(DIGEST.asMatchPredicate());
    }

    private Optional<String> throughJib(ImageName name) {
        FailoverHttpClient http = new FailoverHttpClient(insecure, false, event -> {});
        try {
            return withCredentialsIfRequired(name, http);
        } catch (IOException | RegistryException e) {
            if (isNotFound(e)) {
                return Optional.empty();
            }
            throw RegistryErrors.translate("reading the digest of " + name, e);
        } finally {
            shutDown(http);
        }
    }

    /** Pushes an index of images that exist in the repository, and returns its digest. */
    String push(OciIndexTemplate index, ImageName name) {
        FailoverHttpClient http = new FailoverHttpClient(insecure, false, event -> {});
        try {
            Optional<Credential> credential =
                    CredentialSources.of(name, credentials).credential();
            RegistryClient client = client(name, http, credential);
            if (!client.doPushBearerAuth() && credential.isPresent()) {
                client.configureBasicAuth();
            }
            return client.pushManifest(index, name.tag()).toString();
        } catch (IOException | RegistryException e) {
            throw RegistryErrors.translate("pushing " + name, e);
        } finally {
            shutDown(http);
        }
    }

    private Optional<String> withCredentialsIfRequired(ImageName name, FailoverHttpClient http)
            throws IOException, RegistryException {
        try {
            return manifest(client(name, http, Optional.empty()), name);
        } catch (RegistryUnauthorizedException e) {
            Optional<Credential> credential =
                    CredentialSources.of(name, credentials).credential();
            RegistryClient client = client(name, http, credential);
            if (!client.doPullBearerAuth() && credential.isPresent()) {
                client.configureBasicAuth();
            }
            return manifest(client, name);
        }
    }

    private static RegistryClient client(ImageName name, FailoverHttpClient http, Optional<Credential> credential) {
        RegistryClient.Factory factory =
                RegistryClient.factory(EventHandlers.NONE, name.host(), name.repository(), http);
        credential.ifPresent(factory::setCredential);
        return factory.newRegistryClient();
    }

    private static Optional<String> manifest(RegistryClient client, ImageName name)
            throws IOException, RegistryException {
        return client.checkManifest(name.tag()).map(found -> found.getDigest().toString());
    }

    // "manifest unknown" or, before the first push, "name unknown"
    private static boolean isNotFound(Exception e) {
        return e.getCause() instanceof ResponseException response
                && response.getStatusCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }

    private static void shutDown(FailoverHttpClient http) {
        try {
            http.shutDown();
        } catch (IOException e) {
            throw RegistryErrors.translate("closing the registry connection", e);
        }
    }
}
