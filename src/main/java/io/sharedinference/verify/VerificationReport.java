package io.sharedinference.verify;

import java.util.List;

/** The hops in the order in which they were looked at. What could not be found out is no failure. */
public record VerificationReport(List<HopResult> results) {

    public VerificationReport {
        results = List.copyOf(results);
    }

    public boolean passed() {
        return results.stream().noneMatch(HopResult.Failed.class::isInstance);
    }
}
