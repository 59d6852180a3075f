package io.sharedinference.review;

import io.sharedinference.chart.ObjectDiff;
import io.sharedinference.chart.RenderedDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Summary of a preview, shown before a confirmation: kind and name of each changed resource. */
public record PreviewSummary(Review review) {

    private static final int MAX_LISTED = 15;

    public String text() {
        var lines = new ArrayList<String>();
        lines.add("Stack " + review.stack() + ": " + counts());
        lines.addAll(listed(review.changes().stream().map(PreviewSummary::line).toList(), "  "));
        review.rendered().ifPresent(diff -> lines.addAll(objects(diff)));
        lines.add("Full preview: ./tenant preview " + review.stack());
        return String.join("\n", lines);
    }

    private String counts() {
        return Stream.concat(review.counts(), Stream.of(review.unchanged() + " unchanged"))
                .collect(Collectors.joining(", "));
    }

    private static String line(Change change) {
        var kind = change.type().substring(change.type().lastIndexOf(':') + 1);
        var properties = change.properties().stream()
                .map(property -> property.path().split("[.\\[]", 2)[0])
                .distinct()
                .collect(Collectors.joining(", "));
        return sign(change.operation()) + " " + kind + " " + change.name()
                + (properties.isEmpty() ? "" : ": " + properties);
    }

    /** Pulumi's symbols. */
    static String sign(Operation operation) {
        return switch (operation) {
            case REPLACE -> "+-";
            case DELETE -> "-";
            case CREATE -> "+";
            case UPDATE -> "~";
            case IMPORT -> "=";
        };
    }

    private static List<String> objects(RenderedDiff diff) {
        var lines = new ArrayList<String>();
        if (!diff.objects().isEmpty()) {
            lines.add("  Kubernetes objects: " + diff.summary());
            lines.addAll(listed(
                    diff.objects().stream()
                            .map(object -> sign(object.kind()) + " " + object.object())
                            .toList(),
                    "    "));
        }
        diff.notes().forEach(note -> lines.add("  " + note));
        return lines;
    }

    private static String sign(ObjectDiff.Kind kind) {
        return switch (kind) {
            case ADDED -> "+";
            case CHANGED -> "~";
            case REMOVED -> "-";
        };
    }

    private static List<String> listed(List<String> all, String indent) {
        return Stream.concat(
                        all.stream().limit(MAX_LISTED),
                        Stream.of("… and " + (all.size() - MAX_LISTED) + " more")
                                .filter(more -> all.size() > MAX_LISTED))
                .map(line -> indent + line)
                .toList();
    }
}
