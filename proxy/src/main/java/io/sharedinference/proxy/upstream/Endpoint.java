package io.sharedinference.proxy.upstream;

import io.sharedinference.proxy.tls.TrustedCertificates;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the shared API listens: what connections are pooled by.
 *
 * @param tls whose certificates it may show; empty without TLS. Those who were believed once may not be any more
 */
record Endpoint(String host, int port, Optional<TrustedCertificates> tls) {
    static Endpoint of(URI url, TrustedCertificates trust) {
        boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        String host = url.getHost().replaceAll("^\\[(.*)]$", "$1");
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        return new Endpoint(host, port, Optional.of(trust).filter(believed -> tls));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
