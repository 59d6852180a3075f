package io.sharedinference.verify;

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
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The JDK's CAs, and others besides. */
record Trust(SSLSocketFactory sockets, X509TrustManager manager) {

    static Trust jdk() {
        try {
            return new Trust(manager(null));
        } catch (GeneralSecurityException e) {
            throw new VerificationException("this JDK's own CA certificates can't be used: " + e, e);
        }
    }

    /** The JDK's, and a file's. */
    static Trust alsoIn(Path file) {
        try {
            return jdk().and(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new VerificationException("can't read the CA certificates in " + file + ": " + e, e);
        }
    }

    /** These, and those that a stack names. */
    Trust and(String pem, String stack) {
        return and(pem.getBytes(StandardCharsets.UTF_8), "inferenceApiCa of stack " + stack);
    }

    private Trust and(byte[] pem, String source) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate known : manager.getAcceptedIssuers()) {
                store.setCertificateEntry("known-" + store.size(), known);
            }
            for (Certificate own :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("own-" + store.size(), own);
            }
            return new Trust(manager(store));
        } catch (CertificateException e) {
            throw new VerificationException(
                    source + " holds no certificate that can be read (" + e.getMessage()
                            + "). It has to be in PEM: -----BEGIN CERTIFICATE-----.",
                    e);
        } catch (IOException | GeneralSecurityException e) {
            throw new VerificationException("can't use the CA certificates of " + source + ": " + e, e);
        }
    }

    private Trust(X509TrustManager manager) throws GeneralSecurityException {
        this(sockets(manager), manager);
    }

    private static SSLSocketFactory sockets(X509TrustManager manager) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        return context.getSocketFactory();
    }

    // without a store: the JDK's
    private static X509TrustManager manager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this JDK has no X.509 trust manager");
    }
}
