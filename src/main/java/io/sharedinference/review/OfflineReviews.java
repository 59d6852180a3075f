package io.sharedinference.review;

import io.sharedinference.chart.OfflineChart;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.project.ConfigException;
import io.sharedinference.project.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reviews changes of the charts' objects without a cluster and secrets, for pull requests from forks.
 *
 * @param before      the files at the base revision
 * @param after       the changed files
 * @param environment of this process, which may contain secrets
 */
public record OfflineReviews(StackCheck before, StackCheck after, Map<String, String> environment) {

    /** Empty for a stack without a chart, before and after. */
    public Optional<Review> of(String stack) {
        var problems = new Problems();
        var changed = chart(after, stack, problems);
        try {
            problems.throwIfAny(stack);
        } catch (ConfigException e) {
            return Optional.of(masked(Review.rendering(stack, Optional.empty(), List.of(e.getMessage()))));
        }
        var baseProblems = new Problems();
        var base = chart(before, stack, baseProblems);
        return base.or(() -> changed)
                .map(any -> baseProblems.all().isEmpty()
                        ? OfflineChart.between(base, changed)
                        : RenderedDiff.notCompared("the files at the base revision have errors."))
                .map(diff -> masked(Review.rendering(stack, Optional.of(diff), List.of())));
    }

    private static Optional<OfflineChart> chart(StackCheck files, String stack, Problems problems) {
        return files.has(stack) ? files.chart(stack, problems) : Optional.empty();
    }

    private Review masked(Review review) {
        return ReviewJson.masked(review, KnownSecrets.of(environment));
    }
}
