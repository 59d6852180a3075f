package io.sharedinference.verify;

import io.sharedinference.project.Key;
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
import org.jspecify.annotations.Nullable;

/** The CA certificates of the JDK, and additional ones. */
record TrustStore(SSLSocketFactory sockets, X509TrustManager manager) {

    static TrustStore jdk() {
        try {
            return new TrustStore(manager(null));
        } catch (GeneralSecurityException e) {
            throw new VerificationException(
                    "cannot load the CA certificates of this JDK: " + e + "\nFix: use another JDK.", e);
        }
    }

    /** The JDK's certificates and those in a file. */
    static TrustStore withFile(Path file) {
        try {
            return jdk().with(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new VerificationException(
                    "cannot read the CA certificates in " + file + ": " + e
                            + "\nFix: pass a readable file with --cacert FILE.",
                    e);
        }
    }

    /** These certificates and those that a stack configures. */
    TrustStore with(String pem, String stack) {
        return with(pem.getBytes(StandardCharsets.UTF_8), Key.INFERENCE_API_CA.key() + " of stack " + stack);
    }

    private TrustStore with(byte[] pem, String source) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate trusted : manager.getAcceptedIssuers()) {
                store.setCertificateEntry("default-" + store.size(), trusted);
            }
            for (Certificate added :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("additional-" + store.size(), added);
            }
            return new TrustStore(manager(store));
        } catch (CertificateException e) {
            throw new VerificationException(
                    source + " is not a valid CA certificate: " + e.getMessage()
                            + "\nFix: use a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.",
                    e);
        } catch (IOException | GeneralSecurityException e) {
            throw new VerificationException(
                    "cannot use the CA certificates in " + source + ": " + e + "\nFix: use valid X.509 certificates.",
                    e);
        }
    }

    private TrustStore(X509TrustManager manager) throws GeneralSecurityException {
        this(sockets(manager), manager);
    }

    private static SSLSocketFactory sockets(X509TrustManager manager) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        return context.getSocketFactory();
    }

    // null selects the JDK's default certificates
    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
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
