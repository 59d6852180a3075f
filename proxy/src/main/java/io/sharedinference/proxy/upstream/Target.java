package io.sharedinference.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.sharedinference.proxy.tls.TrustedCertificates;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The shared API and the tenant's credentials, encoded for requests. Immutable. */
public final class Target {
    private final URI url;
    private final Endpoint endpoint;
    private final Optional<SslContext> tls;
    private final ServiceToken token;
    private final byte[] basePath;
    private final byte[] authority;
    private final byte[] credentials;

    private Target(URI url, ServiceToken token, TrustedCertificates trust) {
        this.url = url;
        this.endpoint = Endpoint.of(url, trust);
        this.tls = endpoint.tls().map(Target::clientTls);
        this.token = token;
        this.basePath = ascii(url.getRawPath().replaceAll("/+$", ""));
        this.authority = ascii(url.getRawAuthority());
        this.credentials = token.credentials();
    }

    /**
     * Parses the content of the Secret.
     *
     * @throws IllegalArgumentException with the file and the cause; never quotes the token
     */
    static Target parse(String url, String token, TrustedCertificates trust) {
        URI parsed = url(url.strip());
        try {
            return new Target(parsed, ServiceToken.parse(token), trust);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(MountedSecret.TOKEN + " " + e.getMessage(), e);
        }
    }

    /** Writes the base path, which precedes each request target. */
    public void writeBasePath(ByteBuf to) {
        to.writeBytes(basePath);
    }

    /** Whether there is a base path. */
    public boolean hasBasePath() {
        return basePath.length > 0;
    }

    /** Writes the Host header's value. */
    public void writeAuthority(ByteBuf to) {
        to.writeBytes(authority);
    }

    /** Writes the Authorization header's value. */
    public void writeCredentials(ByteBuf to) {
        to.writeBytes(credentials);
    }

    /** The total length of the three, in bytes. */
    public int length() {
        return basePath.length + authority.length + credentials.length;
    }

    /** For log lines: the URL has no user information. */
    public String url() {
        return url.toString();
    }

    /** For logs and metrics. */
    public String tokenFingerprint() {
        return token.fingerprint();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Optional<SslContext> tls() {
        return tls;
    }

    boolean same(Target other) {
        return url.equals(other.url) && token.equals(other.token) && endpoint.equals(other.endpoint);
    }

    @Override
    public String toString() {
        return "Target[" + url + "]";
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http
                    || url.getHost() == null
                    || url.getRawUserInfo() != null
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null
                    || url.getPort() > 65_535) {
                throw new IllegalArgumentException(MountedSecret.URL + " must be like https://host[:port][/base]");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(MountedSecret.URL + " is not a URL: " + e.getReason(), e);
        }
    }

    private static SslContext clientTls(TrustedCertificates trust) {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(trust.manager())
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java platform has no usable TLS", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
