package io.sharedinference.verify;

import java.util.List;

/** The hops in the order of the calls, up to the first that failed. */
public record Report(List<Step> steps) {

    public Report {
        steps = List.copyOf(steps);
    }

    public boolean passed() {
        return steps.stream().noneMatch(Step.Failed.class::isInstance);
    }
}
