package io.sharedinference.verify;

/** A certificate whose CA isn't trusted: what to do depends on whose API it is. */
final class UnknownCa extends HopFailure {

    UnknownCa(String detail, String remedy) {
        super(Hop.TLS, detail, remedy);
    }
}
