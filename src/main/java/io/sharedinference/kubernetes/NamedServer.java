package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import okhttp3.OkHttpClient;

/** Clients of a server whose certificate is for another name than its host: the kubeconfig's {@code tls-server-name}. */
final class NamedServer extends OkHttpClientFactory {

    private final String name;
    private final boolean verified;

    /** @param verified whether the certificate counts */
    NamedServer(String name, boolean verified) {
        this.name = name;
        this.verified = verified;
    }

    /** Called for clients that are derived from a first one, too. */
    @Override
    protected void additionalConfig(OkHttpClient.Builder builder) {
        var built = builder.build();
        if (built.sslSocketFactory() instanceof NamedSockets) {
            return;
        }
        builder.sslSocketFactory(new NamedSockets(built.sslSocketFactory(), name), built.x509TrustManager());
        if (verified) {
            var verifier = built.hostnameVerifier();
            builder.hostnameVerifier((host, session) -> verifier.verify(name, session));
        }
    }
}
