package io.sharedinference.verify;

import java.util.List;

/** The hops in the order in which they were looked at. What couldn't be found out is no failure. */
public record Report(List<Step> steps) {

    public Report {
        steps = List.copyOf(steps);
    }

    public boolean passed() {
        return steps.stream().noneMatch(Step.Failed.class::isInstance);
    }
}
