package io.sharedinference.verify;

/** Ends a verification at the hop that failed. */
class HopFailure extends Exception {

    private final Hop hop;
    private final String remedy;

    HopFailure(Hop hop, String detail, String remedy) {
        super(detail);
        this.hop = hop;
        this.remedy = remedy;
    }

    Hop hop() {
        return hop;
    }

    String remedy() {
        return remedy;
    }
}
