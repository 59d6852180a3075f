package io.sharedinference.verify;

/** A certificate signed by an untrusted CA. The caller chooses the fix, which differs per API. */
final class UntrustedCertificateException extends HopException {

    UntrustedCertificateException(String detail, String fix) {
        super(Hop.TLS, detail, fix);
    }
}
