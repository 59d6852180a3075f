package io.sharedinference.review;

import static java.util.Objects.requireNonNull;

import io.sharedinference.chart.RenderedDiff;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is known of what a change would do to one stack. The texts for reviewers are made from this alone, and it is
 * what is handed from the job that previews to the one that posts.
 *
 * @param unchanged how many resources stay as they are
 * @param outputs   of the stack that differ
 * @param rendered  the chart's objects; empty when nothing was rendered
 * @param failures  why there is no preview, or only a part of one, each with what to do
 */
public record Review(
        String stack,
        Purpose purpose,
        List<Change> changes,
        int unchanged,
        List<Change.Property> outputs,
        Optional<RenderedDiff> rendered,
        List<String> failures) {

    public Review {
        requireNonNull(stack);
        requireNonNull(purpose);
        requireNonNull(rendered);
        changes = List.copyOf(changes);
        outputs = List.copyOf(outputs);
        failures = List.copyOf(failures);
    }

    /** What the preview was of. */
    public enum Purpose {
        /** what {@code pulumi up} would do */
        UPDATE,
        /** what {@code pulumi destroy} would do to a stack whose file the change removes */
        REMOVAL,
        /** what is no longer as the last {@code pulumi up} left it */
        DRIFT,
        /** what the files alone make of the chart, without a cluster and secrets */
        RENDERING
    }

    /** Whether reviewers have nothing to look at. */
    public boolean hasNothingToReport() {
        return changes.isEmpty()
                && outputs.isEmpty()
                && failures.isEmpty()
                && rendered.map(diff -> diff.objects().isEmpty() && diff.notes().isEmpty())
                        .orElse(true);
    }

    /** Of files alone. @param mistakes that keep the chart from being rendered */
    static Review rendering(String stack, Optional<RenderedDiff> rendered, List<String> mistakes) {
        return new Review(stack, Purpose.RENDERING, List.of(), 0, List.of(), rendered, mistakes);
    }

    /** What is left of it when it comes from somebody who could only render. */
    public Review asRendering() {
        return rendering(stack, rendered, failures);
    }

    /** The same with other failures. */
    Review withFailures(List<String> others) {
        return new Review(stack, purpose, changes, unchanged, outputs, rendered, others);
    }

    /** Like "1 to create", for each operation that there is. */
    public Stream<String> counts() {
        return Stream.of(Operation.values())
                .filter(operation -> count(operation) > 0)
                .map(operation -> count(operation) + " to " + operation.text());
    }

    long count(Operation operation) {
        return changes.stream()
                .filter(change -> change.operation() == operation)
                .count();
    }
}
