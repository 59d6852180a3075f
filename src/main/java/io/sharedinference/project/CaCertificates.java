package io.sharedinference.project;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * CA certificates that clients of the inference API must trust, for a certificate that no public CA signed.
 *
 * @param pem        the certificates in PEM, as exported
 * @param validUntil expiry of the last one. Expired certificates are accepted: rejecting them would block other changes
 */
public record CaCertificates(String pem, Instant validUntil) {

    private static final String REMEDY = "pulumi config set " + Key.INFERENCE_API_CA.key() + " < ca.pem";

    static Optional<CaCertificates> read(SettingsReader settings, URI inferenceApi) {
        var pem = settings.string(Key.INFERENCE_API_CA);
        if (pem.isPresent() && "http".equalsIgnoreCase(inferenceApi.getScheme())) {
            settings.invalid(
                    Key.INFERENCE_API_CA,
                    excerpt(pem.get()),
                    "must not be set while the API's URL is " + inferenceApi + ", which does not use TLS",
                    "use https:// in " + settings.settings().fullKey(Key.INFERENCE_API_URL) + ", or remove this key");
        }
        return pem.flatMap(text -> read(settings, text));
    }

    private static Optional<CaCertificates> read(SettingsReader settings, String pem) {
        if (pem.contains("PRIVATE KEY")) {
            settings.invalid(
                    Key.INFERENCE_API_CA,
                    "must not contain a private key: the value is exported to every tenant",
                    "replace the key if it was committed, then set the certificate only: " + REMEDY);
            return Optional.empty();
        }
        var certificates = certificates(pem);
        if (certificates.isEmpty()) {
            settings.invalid(
                    Key.INFERENCE_API_CA, excerpt(pem), "must be PEM-encoded certificates, not a file name", REMEDY);
        }
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .max(Instant::compareTo)
                .map(last -> new CaCertificates(pem.strip() + "\n", last));
    }

    /** Empty unless everything in it is a certificate. */
    private static List<X509Certificate> certificates(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            return List.of();
        }
    }

    private static String excerpt(String text) {
        var line = text.strip().lines().findFirst().orElse("");
        return line.length() > 40 ? line.substring(0, 40) + "…" : line;
    }
}
