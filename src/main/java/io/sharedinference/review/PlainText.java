package io.sharedinference.review;

import io.sharedinference.chart.RenderedDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats a review for a terminal: failures and warnings first, then changes. */
public final class PlainText {

    private PlainText() {}

    public static String of(Review review) {
        if (review.hasNothingToReport()) {
            return review.stack() + ": no changes\n";
        }
        var parts = new ArrayList<String>();
        parts.add(review.stack() + ": " + headline(review));
        review.failures().forEach(failure -> parts.add(indented("! " + failure)));
        warnings(review).forEach(warning -> parts.add(indented("! " + warning)));
        review.changes().forEach(change -> parts.add(indented(change(change))));
        if (!review.outputs().isEmpty()) {
            parts.add(indented("outputs\n" + properties(review.outputs())));
        }
        review.rendered()
                .ifPresent(rendered -> rendered.objects()
                        .forEach(object -> parts.add(indented(object.object() + ", "
                                + object.kind().text() + "\n" + object.diff().indent(2)))));
        return String.join("\n", parts) + "\n";
    }

    private static String headline(Review review) {
        if (!review.failures().isEmpty()) {
            return "the preview failed";
        }
        var objects = review
                .rendered()
                .map(RenderedDiff::summary)
                .filter(text -> !text.isEmpty())
                .map(text -> "Kubernetes objects: " + text)
                .stream();
        return Stream.of(review.counts(), Stream.of(review.unchanged() + " unchanged"), objects)
                .flatMap(part -> part)
                .collect(Collectors.joining(", "));
    }

    /** Without Markdown. */
    private static Stream<String> warnings(Review review) {
        return Stream.concat(
                Warnings.of(review).stream()
                        .map(warning -> warning.replace("`", "").replace("**", "")),
                review.rendered().stream().flatMap(rendered -> rendered.notes().stream()));
    }

    private static String change(Change change) {
        var line = PreviewSummary.sign(change.operation()) + " "
                + change.operation().text() + " " + change.type() + " " + change.name();
        return change.properties().isEmpty() ? line : line + "\n" + properties(change.properties());
    }

    private static String properties(List<Change.Property> properties) {
        return properties.stream()
                .map(property ->
                        "  " + property.path() + ": " + property.before().orElse("none") + " → "
                                + property.after().orElse("none"))
                .collect(Collectors.joining("\n"));
    }

    private static String indented(String text) {
        return text.indent(2).stripTrailing();
    }
}
