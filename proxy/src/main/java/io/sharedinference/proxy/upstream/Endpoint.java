package io.sharedinference.proxy.upstream;

import java.net.URI;
import java.util.Locale;

/** Where the shared API listens: what connections are pooled by. */
record Endpoint(String host, int port, boolean tls) {
    static Endpoint of(URI url) {
        boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        String host = url.getHost().replaceAll("^\\[(.*)]$", "$1");
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        return new Endpoint(host, port, tls);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
