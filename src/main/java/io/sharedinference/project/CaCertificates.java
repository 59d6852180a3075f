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
 * The CAs, none of them a public one, that may have signed an API's certificate.
 *
 * @param pem        their certificates, as they are handed on
 * @param validUntil when the last of them expires. Not refused: what is deployed works on, or another one takes over
 */
public record CaCertificates(String pem, Instant validUntil) {

    private static final String REMEDY = "pulumi config set inferenceApiCa < ca.pem";

    static Optional<CaCertificates> read(SettingsReader settings, URI inferenceApi) {
        var pem = settings.string(Key.INFERENCE_API_CA);
        if (pem.isPresent() && "http".equalsIgnoreCase(inferenceApi.getScheme())) {
            settings.invalid(
                    Key.INFERENCE_API_CA,
                    excerpt(pem.get()),
                    "must not be set while the API's URL is " + inferenceApi + ", which has no certificate",
                    "write https:// in " + settings.settings().fullKey(Key.INFERENCE_API_URL) + ", or remove this key");
        }
        return pem.flatMap(text -> read(settings, text));
    }

    private static Optional<CaCertificates> read(SettingsReader settings, String pem) {
        if (pem.contains("PRIVATE KEY")) {
            settings.invalid(
                    Key.INFERENCE_API_CA,
                    "must hold no private key, since every tenant gets it",
                    "make that key another one if it was committed, and name the certificate alone: " + REMEDY);
            return Optional.empty();
        }
        var certificates = certificates(pem);
        if (certificates.isEmpty()) {
            settings.invalid(
                    Key.INFERENCE_API_CA,
                    excerpt(pem),
                    "must be certificates in PEM, the text itself and not a file's name",
                    "write what begins with -----BEGIN CERTIFICATE-----: " + REMEDY);
        }
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .max(Instant::compareTo)
                .map(last -> new CaCertificates(pem.strip() + "\n", last));
    }

    /** None if anything in it is something else. */
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
