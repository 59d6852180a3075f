package io.sharedinference.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusted CA certificates. Immutable.
 *
 * @param own in addition to the Java platform's
 */
public record TrustedCertificates(List<Certificate> own) {
    public TrustedCertificates {
        own = List.copyOf(own);
    }

    /** The Java platform's CAs only. */
    public static TrustedCertificates platform() {
        return new TrustedCertificates(List.of());
    }

    /**
     * The platform's and those of a PEM file.
     *
     * @throws IllegalArgumentException with the cause
     */
    public static TrustedCertificates with(Path pem) {
        try {
            return platform().and(Files.readAllBytes(pem));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }

    /**
     * These and those of a string in PEM.
     *
     * @throws IllegalArgumentException with the cause
     */
    public TrustedCertificates and(String pem) {
        return and(pem.getBytes(StandardCharsets.UTF_8));
    }

    private TrustedCertificates and(byte[] pem) {
        try {
            Collection<? extends Certificate> more =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (more.isEmpty()) {
                throw new IllegalArgumentException("contains no PEM certificate");
            }
            return new TrustedCertificates(
                    Stream.concat(own.stream(), more.stream()).toList());
        } catch (CertificateException e) {
            throw new IllegalArgumentException("contains an invalid PEM certificate: " + e.getMessage(), e);
        }
    }

    /** For a TLS client; loads the platform's CAs on demand, since many proxies use no TLS. */
    public X509TrustManager manager() {
        try {
            return own.isEmpty() ? manager(null) : manager(store());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java platform's own CAs cannot be used", e);
        }
    }

    private KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Certificate platforms : manager(null).getAcceptedIssuers()) {
            store.setCertificateEntry("platform-" + store.size(), platforms);
        }
        for (Certificate certificate : own) {
            store.setCertificateEntry("own-" + store.size(), certificate);
        }
        return store;
    }

    /** Without a store, the platform's. */
    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for X.509"));
    }
}
