package io.sharedinference.review;

import io.sharedinference.chart.OfflineChart;
import io.sharedinference.chart.RenderedDiff;
import io.sharedinference.project.ConfigException;
import io.sharedinference.project.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what a change of files changes in the charts' objects, where there is neither a cluster nor a secret: for the pull
 * requests of strangers.
 *
 * @param before      the files as they were
 * @param after       the files as they are
 * @param environment of this process, in which secrets may be
 */
public record OfflineReviews(StackCheck before, StackCheck after, Map<String, String> environment) {

    /** Empty for a stack that installs nothing, neither before nor after. */
    public Optional<Review> of(String stack) {
        var mistakes = new Problems();
        var is = chart(after, stack, mistakes);
        try {
            mistakes.throwIfAny(stack);
        } catch (ConfigException e) {
            return Optional.of(masked(Review.rendering(stack, Optional.empty(), List.of(e.getMessage()))));
        }
        var earlierMistakes = new Problems();
        var was = chart(before, stack, earlierMistakes);
        return was.or(() -> is)
                .map(any -> earlierMistakes.all().isEmpty() ? OfflineChart.between(was, is) : notCompared())
                .map(diff -> masked(Review.rendering(stack, Optional.of(diff), List.of())));
    }

    private static Optional<OfflineChart> chart(StackCheck files, String stack, Problems problems) {
        return files.has(stack) ? files.chart(stack, problems) : Optional.empty();
    }

    private static RenderedDiff notCompared() {
        return new RenderedDiff(
                List.of(), List.of("Nothing is compared, because the files at the base revision have errors."));
    }

    private Review masked(Review review) {
        return ReviewJson.masked(review, KnownSecrets.of(environment));
    }
}
