package io.sharedinference.verify;

import java.util.List;

/** The hops in the order of the checks. An unknown result is not a failure. */
public record VerificationReport(List<HopResult> results) {

    public VerificationReport {
        results = List.copyOf(results);
    }

    public boolean passed() {
        return results.stream().noneMatch(HopResult.Failed.class::isInstance);
    }
}
