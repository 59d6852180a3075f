package io.sharedinference.proxy.upstream;

import io.sharedinference.proxy.tls.TrustedCertificates;

/** Targets for tests of other packages. */
public final class Targets {
    private Targets() {}

    public static Target target(String url, String token) {
        return Target.parse(url, token, TrustedCertificates.platform());
    }
}
