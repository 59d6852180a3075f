package io.sharedinference.proxy.upstream;

import io.sharedinference.proxy.tls.TrustedCertificates;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Host and port of the shared API: the key of the connection pool.
 *
 * @param tls trusted certificates; empty without TLS. Part of the key, since trust may be revoked
 */
record Endpoint(String host, int port, Optional<TrustedCertificates> tls) {
    static Endpoint of(URI url, TrustedCertificates trust) {
        boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        String host = url.getHost().replaceAll("^\\[(.*)]$", "$1");
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        return new Endpoint(host, port, Optional.of(trust).filter(trusted -> tls));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
