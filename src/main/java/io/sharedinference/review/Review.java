package io.sharedinference.review;

import static java.util.Objects.requireNonNull;

import io.sharedinference.chart.RenderedDiff;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Result of a preview of one stack. The job that previews passes it to the job that comments, which formats it.
 *
 * @param unchanged number of unchanged resources
 * @param outputs   changed outputs of the stack
 * @param rendered  changed Kubernetes objects; empty if no chart was rendered
 * @param failures  why the preview is missing or incomplete, each with its fix
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

    /** What was previewed. */
    public enum Purpose {
        /** {@code pulumi up} */
        UPDATE,
        /** {@code pulumi destroy} of a stack whose file the change removes */
        REMOVAL,
        /** differences from the last {@code pulumi up} */
        DRIFT,
        /** the chart, rendered without a cluster and secrets */
        RENDERING
    }

    /** Whether there are no changes, failures and notes. */
    public boolean hasNothingToReport() {
        return changes.isEmpty()
                && outputs.isEmpty()
                && failures.isEmpty()
                && rendered.map(diff -> diff.objects().isEmpty() && diff.notes().isEmpty())
                        .orElse(true);
    }

    /** Review of a chart that was rendered offline, or of the problems that prevented it. */
    static Review rendering(String stack, Optional<RenderedDiff> rendered, List<String> problems) {
        return new Review(stack, Purpose.RENDERING, List.of(), 0, List.of(), rendered, problems);
    }

    /** Without everything that an untrusted job cannot know. */
    public Review asRendering() {
        return rendering(stack, rendered, failures);
    }

    Review withFailures(List<String> failures) {
        return new Review(stack, purpose, changes, unchanged, outputs, rendered, failures);
    }

    /** For example "1 to create", for each operation in the review. */
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
