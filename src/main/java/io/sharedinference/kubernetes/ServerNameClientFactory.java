package io.sharedinference.kubernetes;

import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import okhttp3.OkHttpClient;

/** Creates clients with the kubeconfig's {@code tls-server-name}. */
final class ServerNameClientFactory extends OkHttpClientFactory {

    private final String name;
    private final boolean verified;

    /** @param verified whether to verify the certificate */
    ServerNameClientFactory(String name, boolean verified) {
        this.name = name;
        this.verified = verified;
    }

    /** Also called for derived clients. */
    @Override
    protected void additionalConfig(OkHttpClient.Builder builder) {
        var built = builder.build();
        if (built.sslSocketFactory() instanceof ServerNameSocketFactory) {
            return;
        }
        builder.sslSocketFactory(new ServerNameSocketFactory(built.sslSocketFactory(), name), built.x509TrustManager());
        if (verified) {
            var verifier = built.hostnameVerifier();
            builder.hostnameVerifier((host, session) -> verifier.verify(name, session));
        }
    }
}
